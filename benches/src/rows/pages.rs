//! Pages end to end: a signed-in person's page of fifty rows over real HTTP, beside a hello of hyper alone.
//!
//! Both servers run in this process on as many threads as the machine has processors, and the same clients
//! ask both over connections that stay open.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use dinh_runtime::Compiler;
use dinh_services::accounts::{Password, SessionKind, SignIn};
use dinh_web::App;
use http_body_util::Full;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::house::{House, LOGIN, PASSWORD};
use crate::{Goal, Row, Side};

/// Clients, each with one connection.
const CLIENTS: u64 = 16;
/// Requests of each client in one run.
const REQUESTS: u64 = 8;

/// The rows.
pub fn rows() -> Vec<Row> {
    let house = House::new(dinh_runtime::Options::new(Compiler::Here), 1_000);
    let sign_in = SignIn {
        login: LOGIN.to_owned(),
        password: Password::new(PASSWORD),
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        kind: SessionKind::Token,
        otp: None,
    };
    let token = house.platform.sign_in(&sign_in).unwrap().token;
    let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (address, hello) = tokio.block_on(async { (pages(&house).await, hello().await) });
    let headers = format!("Authorization: Bearer {token}\r\nAccept: text/html\r\n");
    let mut page = Clients::connect(address, &format!("/apps/{}/table", house.plugin), &headers);
    let first = page.first();
    assert!(first.contains("200 OK"), "{first}");
    assert!(first.matches("<tr").count() > 50, "a table of fifty rows: {first}");
    let mut plain = Clients::connect(hello, "/", "");
    assert!(plain.first().ends_with("hello"));
    vec![Row {
        name: "signed-in plugin page of 50 rows, end to end".to_owned(),
        operations: CLIENTS * REQUESTS,
        subject: Side::timed("page", move |times| {
            // The servers live as long as the clients.
            let _alive = (&house, &tokio);
            page.ask(times)
        }),
        beside: Some(Side::timed("hyper saying hello", move |times| plain.ask(times))),
        goal: Goal::Seen,
    }]
}

/// The platform's own server.
async fn pages(house: &House) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = App::new(house.platform.clone(), house.runtime.clone(), dinh_web::Options::default());
    tokio::spawn(dinh_web::serve(listener, dinh_web::router(app), std::future::pending()));
    address
}

/// The least a server does.
async fn hello() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let answer = service_fn(|_| async {
                Ok::<_, Infallible>(hyper::Response::new(Full::new(Bytes::from_static(b"hello"))))
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
        }
    });
    address
}

/// Connections that ask for one page again and again.
struct Clients {
    streams: Vec<TcpStream>,
    request: String,
}

impl Clients {
    fn connect(address: SocketAddr, path: &str, headers: &str) -> Self {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n");
        let connect = |_| {
            let stream = TcpStream::connect(address).unwrap();
            stream.set_nodelay(true).unwrap();
            stream
        };
        Self { streams: (0..CLIENTS).map(connect).collect(), request }
    }

    /// The whole of one answer, for a look.
    fn first(&mut self) -> String {
        let mut buffer = Vec::new();
        let length = exchange(&mut self.streams[0], &self.request, &mut buffer);
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    }

    /// Every client asks its requests so many times, all clients at once.
    fn ask(&mut self, times: u64) -> Duration {
        let request = self.request.as_str();
        let start = Instant::now();
        thread::scope(|scope| {
            for stream in &mut self.streams {
                scope.spawn(move || {
                    let mut buffer = Vec::new();
                    for _ in 0..times * REQUESTS {
                        exchange(stream, request, &mut buffer);
                    }
                });
            }
        });
        start.elapsed()
    }
}

/// Sends a request and reads its answer into `buffer`; the answer's length.
fn exchange(stream: &mut TcpStream, request: &str, buffer: &mut Vec<u8>) -> usize {
    stream.write_all(request.as_bytes()).unwrap();
    let mut filled = 0;
    let mut whole = None;
    while whole.is_none_or(|whole| filled < whole) {
        if buffer.len() < filled + (64 << 10) {
            buffer.resize(filled + (128 << 10), 0);
        }
        let read = stream.read(&mut buffer[filled..]).unwrap();
        assert!(read > 0, "the server hung up");
        filled += read;
        whole = whole.or_else(|| length(&buffer[..filled]));
    }
    filled
}

/// How long an answer is, once its head is there.
fn length(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&answer[..head]).unwrap().to_ascii_lowercase();
    let body = text.lines().find_map(|line| line.strip_prefix("content-length:")).unwrap();
    Some(head + body.trim().parse::<usize>().unwrap())
}
