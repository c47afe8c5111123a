//! What the listeners answer, whoever knocks.

use std::io::{Read, Write};
use std::net::TcpStream;

use dinh_tests::folder::Folder;
use dinh_tests::page;
use dinh_tests::server::Server;
use dinh_tests::visitor::Visitor;

/// Sends raw bytes and reads the head of the answer.
fn raw(server: &Server, request: &str) -> String {
    let mut stream = TcpStream::connect(server.pages.trim_start_matches("http://")).unwrap();
    // What is refused may be answered and closed before all of it was sent; the answer is there all the same.
    let _ = stream.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&answer).contains("\r\n\r\n") {
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0, "closed after {:?}", String::from_utf8_lossy(&answer));
        answer.extend(&buffer[..read]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn an_unknown_route_is_not_found_as_a_page_and_as_a_problem() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let officer = folder.with_role("pci-index.editor");
    let program = server.visitor().program(&officer.account, &officer.password);
    for path in ["/khong-co", "/apps/khong-co", "/apps/pci-index/khong-co", "/api/v1/khong-co"] {
        let problem = program.get_json(path).expect(404);
        assert_eq!(problem.header("content-type"), "application/problem+json", "{path}");
        let problem = problem.json();
        assert_eq!(problem["status"], 404, "{path}: {problem}");
        assert!(problem["type"].is_string() && problem["title"].is_string(), "{path}: {problem}");
    }
    let person = server.visitor().sign_in(&officer.account, &officer.password);
    assert!(person.get("/khong-co").expect(404).body.contains("<html"));
}

#[test]
fn every_page_comes_with_the_headers_that_keep_it_safe() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let officer = folder.with_role("pci-index.editor");
    let person = server.visitor().sign_in(&officer.account, &officer.password);
    for path in ["/sign-in", "/", "/apps/pci-index", "/khong-co"] {
        let answer = person.get(path);
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'self'"), "{path}: {policy:?}");
        assert!(!policy.contains("unsafe-"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!answer.header("referrer-policy").is_empty(), "{path}");
        assert!(answer.header("server").is_empty(), "what runs here is nobody's business: {path}");
    }
    let ranking = person.get("/apps/pci-index").expect(200).body;
    assert!(!ranking.contains(" style=") && !ranking.contains("<script>"), "nothing inline");
}

#[test]
fn a_form_without_its_token_or_with_anothers_is_refused_and_does_nothing() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let officer = folder.with_role("pci-index.editor");
    let reader = folder.with_role("pci-index.reader");
    let person = server.visitor().sign_in(&officer.account, &officer.password);
    let other = server.visitor().sign_in(&reader.account, &reader.password);
    let others = page::form(&other.get("/account/password").body, |form| form.action == "/account/password");
    let others = others.value("csrf").unwrap();
    for token in ["", "AAAA", others] {
        let new = "bốn mùa hoa nở";
        let fields = [("csrf", token), ("current", &officer.password), ("new", new), ("again", new)];
        person.post("/account/password", &fields).expect(403);
        person.post("/sign-out", &[("csrf", token)]).expect(403);
        person
            .post("/apps/pci-index", &[("csrf", token), ("form", "compare"), ("selected", "38")])
            .expect(403);
    }
    server.visitor().ask_for_token(&officer.account, &officer.password).expect(200);
}

#[test]
fn an_application_that_is_closed_is_seen_behind_its_lock() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let clerk = folder.outsider();
    let person = server.visitor().sign_in(&clerk.account, &clerk.password);
    let home = person.get("/").expect(200).body;
    for text in ["Chỉ số PCI", "Chưa được cấp quyền", "Xem lý do"] {
        assert!(home.contains(text), "{text}: {home}");
    }
    let why = person.get("/apps/pci-index").expect(403).body;
    assert!(why.contains("Bạn không có quyền"), "{why}");
}

#[test]
fn an_upload_announced_with_a_gigabyte_is_refused_before_it_is_sent() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let officer = folder.with_role("pci-index.editor");
    let answer = server.visitor().ask_for_token(&officer.account, &officer.password).json();
    let token = answer["token"].as_str().unwrap();
    let head = format!(
        "POST /apps/pci-index/import HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1073741824\r\n\r\n"
    );
    let answer = raw(&server, &head);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    Visitor::with_token(&server.pages, token).get_json("/apps/pci-index").expect(200);
}

#[test]
fn what_is_no_http_gets_an_answer_and_leaves_the_server_well() {
    let folder = Folder::bare();
    let server = Server::start(folder.path());
    for request in ["GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "GET /\r\n\r\n"] {
        let answer = raw(&server, request);
        assert!(answer.starts_with("HTTP/1.") && !answer.contains(" 200 "), "{answer}");
    }
    let long = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(1 << 20));
    let answer = raw(&server, &long);
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    server.visitor().get("/sign-in").expect(200);
}

#[test]
fn monitoring_has_a_listener_of_its_own() {
    let folder = Folder::bare();
    let server = Server::start(folder.path());
    let machine_room = Visitor::new(&server.admin);
    for path in ["/healthz", "/readyz"] {
        machine_room.get(path).expect(200);
        server.visitor().get_json(path).expect(404);
    }
    let metrics = machine_room.get("/metrics").expect(200).body;
    assert!(metrics.contains("# TYPE"), "{metrics}");
    machine_room.get("/").expect(404);
}

#[test]
fn pages_speak_the_language_that_was_chosen() {
    let folder = Folder::bare();
    let server = Server::start(folder.path());
    let visitor = server.visitor();
    assert!(visitor.get("/sign-in").expect(200).body.contains("lang=\"vi\""));
    visitor.get("/language?to=en&back=/sign-in").expect(303);
    assert!(visitor.get("/sign-in").expect(200).body.contains("lang=\"en\""));
    let away = visitor.get("/language?to=vi&back=https://example.org/");
    assert_eq!(away.location(), "/", "one is not sent to another site");
}

/// Starts `dinh serve` as a shell does that lets it have so many files open.
fn start_with_files(data: &std::path::Path, files: u32) -> (std::process::Child, String) {
    use std::io::BufRead;
    let mut child = std::process::Command::new("sh")
        .args(["-c", &format!("ulimit -Sn {files} && exec \"$@\""), "sh"])
        .arg(dinh_tests::programs::dinh())
        .args(["serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let pages = lines.next().unwrap().unwrap();
    std::thread::spawn(move || lines.for_each(drop));
    (child, pages.strip_prefix("listening on ").unwrap().to_owned())
}

#[test]
fn connections_that_say_nothing_do_not_use_up_the_files_that_may_be_open() {
    let folder = Folder::bare();
    let (mut server, pages) = start_with_files(folder.path(), 128);
    let address = pages.trim_start_matches("http://");
    let silent: Vec<_> = (0..300).map(|_| TcpStream::connect(address).unwrap()).collect();
    Visitor::new(&pages).get("/sign-in").expect(200);
    assert_eq!(silent.len(), 300);
    server.kill().unwrap();
    server.wait().unwrap();
}
