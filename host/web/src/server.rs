//! Serves a router on a listener until it is told to stop; then lets requests under way finish.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;
use tower::util::Oneshot;

use crate::app::Options;

/// Serves until `shutdown` is over, with the default bounds.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    serve_with(listener, router, &Options::default(), shutdown).await
}

/// Serves until `shutdown` is over: every connection with a bounded head that has to arrive in time, and so
/// many connections at once.
pub async fn serve_with(
    listener: TcpListener,
    router: Router,
    options: &Options,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let places = Arc::new(Semaphore::new(options.connections.max(1)));
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let next = async {
            // Never closed, so there always comes a place.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (listener.accept().await, place)
        };
        let (accepted, place) = tokio::select! {
            next = next => next,
            () = &mut shutdown => break,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, or a connection that was gone at once: others go on.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let connection = graceful.watch(connection(stream, address, router.clone(), options));
        tokio::spawn(async move {
            let _place = place;
            // What a client does to its connection is its own affair.
            let _ = connection.await;
        });
    }
    drop(listener);
    if tokio::time::timeout(options.drain_time, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were cut off: they took longer than the time to stop");
    }
    Ok(())
}

fn connection(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    options: &Options,
) -> http1::Connection<TokioIo<TcpStream>, Answering> {
    // Small answers leave at once; a socket that cannot promise it still works.
    let _ = stream.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(options.head_time)
        .max_buf_size(options.head_bytes.max(8 << 10))
        .serve_connection(TokioIo::new(stream), Answering { router, address })
}

/// The router, which learns where each request comes from.
struct Answering {
    router: Router,
    address: SocketAddr,
}

impl hyper::service::Service<Request<Incoming>> for Answering {
    type Response = Response;
    type Error = Infallible;
    type Future = Oneshot<Router, Request<Body>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.address));
        self.router.clone().oneshot(request)
    }
}
