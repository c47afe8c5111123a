//! Serves a router on a listener until it is told to stop; then lets requests under way finish.
//!
//! What one client can hold is bounded: a head has to arrive in time, an answer has to be read
//! ([`patient`]), and of so many connections at once the one that has rested longest gives its place to whoever
//! comes next ([`rest`]).

mod patient;
mod rest;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceExt;
use tower::util::Oneshot;

use self::patient::Patient;
use self::rest::{Answer, Resting, Seat, Work};
use crate::app::Options;

/// How long the listener rests when nobody can be let in, and how often a place is looked for.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until `shutdown` is over, with the default bounds.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    serve_with(listener, router, &Options::default(), shutdown).await
}

/// Serves until `shutdown` is over: every connection with a bounded head that has to arrive in time and answers
/// that have to be read, and so many connections at once.
pub async fn serve_with(
    listener: TcpListener,
    router: Router,
    options: &Options,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let door = Door {
        listener,
        places: Arc::new(Semaphore::new(options.connections.max(1))),
        resting: Arc::default(),
    };
    let graceful = GracefulShutdown::new();
    let mut shutdown = std::pin::pin!(shutdown);
    let mut trouble = Trouble::default();
    loop {
        let (stream, address, place) = tokio::select! {
            next = door.next(&mut trouble) => next,
            () = &mut shutdown => break,
        };
        let seat = Seat::new(&door.resting);
        let answering = Answering { router: router.clone(), address, seat: Arc::clone(&seat) };
        let connection = graceful.watch(connection(stream, answering, options));
        tokio::spawn(async move {
            let _place = place;
            tokio::select! {
                biased;
                // What a client does to its connection is its own affair.
                _ = connection => {}
                () = seat.displaced() => {}
            }
        });
    }
    drop(door);
    if tokio::time::timeout(options.drain_time, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests were cut off: they took longer than the time to stop");
    }
    Ok(())
}

/// Where connections come in.
struct Door {
    listener: TcpListener,
    places: Arc<Semaphore>,
    resting: Arc<Resting>,
}

impl Door {
    /// The next connection, once there is a place for it.
    async fn next(&self, trouble: &mut Trouble) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    trouble.over();
                    return (stream, address, self.place().await);
                }
                // Out of file descriptors, or a connection that was gone at once: others go on.
                Err(error) => {
                    trouble.again(&error);
                    self.resting.displace();
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// A place; when none is free, that of the connection that has rested longest.
    async fn place(&self) -> OwnedSemaphorePermit {
        loop {
            let free = Arc::clone(&self.places).acquire_owned();
            if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
                return place;
            }
            // All at work: one that is done meanwhile is found at the next look.
            self.resting.displace();
            if let Ok(Ok(place)) = tokio::time::timeout(PAUSE, free).await {
                return place;
            }
        }
    }
}

/// Connections that could not be accepted: said when it begins and when it is over, however many they are.
#[derive(Debug, Default)]
struct Trouble {
    missed: u64,
}

impl Trouble {
    fn again(&mut self, error: &io::Error) {
        if self.missed == 0 {
            tracing::warn!(%error, "connections cannot be accepted");
        }
        self.missed += 1;
    }

    fn over(&mut self) {
        if self.missed > 0 {
            tracing::info!(attempts = self.missed, "connections are accepted again");
        }
        self.missed = 0;
    }
}

fn connection(
    stream: TcpStream,
    answering: Answering,
    options: &Options,
) -> http1::Connection<TokioIo<Patient<TcpStream>>, Answering> {
    // Small answers leave at once; a socket that cannot promise it still works.
    let _ = stream.set_nodelay(true);
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(options.head_time)
        .max_buf_size(options.head_bytes.max(8 << 10))
        .serve_connection(TokioIo::new(Patient::new(stream, options.write_time)), answering)
}

/// The router, which learns where each request comes from.
struct Answering {
    router: Router,
    address: SocketAddr,
    seat: Arc<Seat>,
}

impl hyper::service::Service<Request<Incoming>> for Answering {
    type Response = Response;
    type Error = Infallible;
    type Future = Underway;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(self.address));
        Underway { answer: self.router.clone().oneshot(request), work: Some(self.seat.work()) }
    }
}

/// A request under way: until its answer has left, its connection does not rest.
struct Underway {
    answer: Oneshot<Router, Request<Body>>,
    work: Option<Work>,
}

impl Future for Underway {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answered = std::task::ready!(Pin::new(&mut self.answer).poll(context));
        let work = self.work.take();
        Poll::Ready(answered.map(|response| match work {
            Some(work) => response.map(|body| Body::new(Answer::new(body, work))),
            None => response,
        }))
    }
}
