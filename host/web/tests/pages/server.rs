//! The server on a real socket: bounds on heads and connections, an orderly stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use dinh_web::{Options, serve_with};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// Serves a router on a port of its own until the returned sender is used.
async fn start(router: Router, options: Options) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        let until = async {
            let _ = stopped.await;
        };
        serve_with(listener, router, &options, until).await.unwrap();
    });
    (address, stop, serving)
}

async fn ask(address: SocketAddr, head: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn all(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

const ONCE: &str = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn a_request_under_way_is_finished_before_the_server_stops() {
    let (arrived, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (told, waited) = (Arc::clone(&arrived), Arc::clone(&go_on));
    let slow = get(async move || {
        told.notify_one();
        waited.notified().await;
        "whole"
    });
    let (address, stop, serving) = start(Router::new().route("/", slow), Options::default()).await;
    let stream = ask(address, ONCE).await;
    arrived.notified().await;
    stop.send(()).unwrap();
    go_on.notify_one();
    assert!(all(stream).await.ends_with("whole"));
    serving.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody is let in any more");
}

#[tokio::test]
async fn a_request_that_takes_longer_than_the_time_to_stop_is_cut_off() {
    let arrived = Arc::new(Notify::new());
    let told = Arc::clone(&arrived);
    let never = get(async move || {
        told.notify_one();
        std::future::pending::<()>().await;
    });
    let options = Options { drain_time: Duration::ZERO, ..Options::default() };
    let (address, stop, serving) = start(Router::new().route("/", never), options).await;
    let _stream = ask(address, ONCE).await;
    arrived.notified().await;
    stop.send(()).unwrap();
    serving.await.unwrap();
}

#[tokio::test]
async fn a_head_that_does_not_arrive_ends_the_connection() {
    let options = Options { head_time: Duration::from_millis(1), ..Options::default() };
    let (address, _stop, _serving) = start(Router::new(), options).await;
    assert!(!all(ask(address, "GET / HTTP/1.1\r\nhost:").await).await.contains("200"));
}

#[tokio::test]
async fn a_head_beyond_its_bound_is_refused() {
    let options = Options { head_bytes: 8 << 10, ..Options::default() };
    let (address, _stop, _serving) = start(Router::new().route("/", get(async || "ok")), options).await;
    let long = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}", "y".repeat(9 << 10));
    assert!(all(ask(address, &long).await).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn a_page_learns_where_its_request_comes_from() {
    let from = get(async |ConnectInfo(address): ConnectInfo<SocketAddr>| address.ip().to_string());
    let (address, _stop, _serving) = start(Router::new().route("/", from), Options::default()).await;
    assert!(all(ask(address, ONCE).await).await.ends_with("127.0.0.1"));
}

/// An answer of which there is always more; says when it was given up.
struct Endless(Arc<Notify>);

impl hyper::body::Body for Endless {
    type Data = bytes::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<bytes::Bytes>, Self::Error>>> {
        let more = hyper::body::Frame::data(bytes::Bytes::from_static(&[b'x'; 1 << 16]));
        std::task::Poll::Ready(Some(Ok(more)))
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// Longer than anything here takes.
const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let given_up = Arc::new(Notify::new());
    let told = Arc::clone(&given_up);
    let endless = get(async move || axum::body::Body::new(Endless(Arc::clone(&told))));
    let options = Options { write_time: Duration::from_millis(50), ..Options::default() };
    let (address, _stop, _serving) = start(Router::new().route("/", endless), options).await;
    let _unread = ask(address, ONCE).await;
    tokio::time::timeout(SOON, given_up.notified()).await.expect("the connection is kept");
}

#[tokio::test]
async fn connections_that_say_nothing_keep_nobody_out() {
    let options = Options { connections: 3, ..Options::default() };
    let (address, _stop, _serving) = start(Router::new().route("/", get(async || "ok")), options).await;
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect(address).await.unwrap());
        // One that has asked and asks no more is no better.
        let mut kept = ask(address, "GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        kept.read_exact(&mut [0; 12]).await.unwrap();
        silent.push(kept);
    }
    let answer = tokio::time::timeout(SOON, async { all(ask(address, ONCE).await).await });
    assert!(answer.await.expect("somebody is kept waiting").ends_with("ok"));
}

#[tokio::test]
async fn a_connection_with_a_request_under_way_keeps_its_place() {
    let (arrived, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (told, waited) = (Arc::clone(&arrived), Arc::clone(&go_on));
    let slow = get(async move || {
        told.notify_one();
        waited.notified().await;
        "whole"
    });
    let router = Router::new().route("/slow", slow).route("/", get(async || "ok"));
    let (address, _stop, _serving) = start(router, Options { connections: 1, ..Options::default() }).await;
    let first = ask(address, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
    arrived.notified().await;
    let second = ask(address, ONCE).await;
    go_on.notify_one();
    let mut whole = String::new();
    let mut first = first;
    first.read_to_string(&mut whole).await.unwrap();
    assert!(whole.ends_with("whole"), "the second waits until the first was answered: {whole}");
    assert!(all(second).await.ends_with("ok"));
}
