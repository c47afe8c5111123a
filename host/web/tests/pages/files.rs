//! Attached files: with a form, by themselves, downloaded; wrong ones, too large ones, other people's.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use bytes::Bytes;
use dinh_services::files::FileLimits;
use dinh_services::secrets::destroy_key;
use dinh_web::Options;
use http_body_util::BodyExt;
use hyper::body::Frame;
use serde_json::json;

use crate::house::{Answer, House, Visitor, expect};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nTo trinh\n";
const PAPERS: &str = "/apps/gallery/papers";

/// A file of a form: field, name, content.
type File<'a> = (&'a str, &'a str, &'a [u8]);

fn parts(fields: &[(&str, &str)], files: &[File<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    for (name, file, content) in files {
        let head =
            format!("--b\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n");
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(b"--b--\r\n");
    body
}

async fn send(visitor: &mut Visitor, path: &str, accept: &str, body: Body) -> Answer {
    let request = Request::post(path)
        .header(header::ACCEPT, accept)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    visitor.send(request.body(body).unwrap()).await
}

/// The form of a page with what it hides, and these fields and files.
async fn submit(
    visitor: &mut Visitor,
    path: &str,
    form: &str,
    fields: &[(&str, &str)],
    files: &[File<'_>],
) -> Answer {
    let page = visitor.get(path).await;
    let hidden = |name| page.hidden(&format!("id=\"{form}\""), name);
    let (csrf, once) = (hidden("csrf"), hidden("once"));
    let own = [("form", form), ("csrf", csrf.as_str()), ("once", once.as_str())];
    send(visitor, path, "text/html", Body::from(parts(&[&own, fields].concat(), files))).await
}

/// A file by itself, as a program brings it; its identifier.
async fn upload(program: &mut Visitor, name: &str, content: &[u8]) -> Answer {
    let path = format!("/apps/gallery/files?name={}", dinh_web::place::encode(name));
    let request = Request::post(path)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/octet-stream");
    program.send(request.body(Body::from(content.to_vec())).unwrap()).await
}

fn done(house: &House, action: &str) -> usize {
    let evidence = house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
    evidence.iter().filter(|recorded| recorded.entry.action == action).count()
}

/// Where the first file of a page is downloaded.
fn href(page: &Answer) -> String {
    let rest =
        page.body.split("href=\"/apps/gallery/files/").nth(1).unwrap_or_else(|| panic!("{}", page.body));
    format!("/apps/gallery/files/{}", rest.split('"').next().unwrap())
}

#[tokio::test]
async fn a_file_comes_with_a_form_and_leaves_as_nothing_that_a_browser_runs() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get(PAPERS).await;
    assert!(page.body.contains("enctype=\"multipart/form-data\""), "{}", page.body);
    assert!(page.body.contains("accept=\".pdf,.png\""));
    let sent =
        submit(&mut lan, PAPERS, "attach", &[("f.title", "Một")], &[("f.scan", "Tờ trình.pdf", PDF)]).await;
    expect(&sent, StatusCode::SEE_OTHER);
    let page = lan.get(PAPERS).await;
    assert!(page.body.contains(">Tờ trình.pdf</a>") && page.body.contains("(1 KB)"), "{}", page.body);

    let file = lan.get(&href(&page)).await;
    expect(&file, StatusCode::OK);
    assert_eq!(file.body.as_bytes(), PDF);
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-length", &PDF.len().to_string()),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("x-frame-options", "DENY"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "private, no-cache"),
        (
            "content-disposition",
            "attachment; filename=\"to-trinh.pdf\"; filename*=UTF-8''T%E1%BB%9D%20tr%C3%ACnh.pdf",
        ),
    ] {
        assert_eq!(file.header(name), value, "{name}");
    }
    assert_eq!(done(&house, "file.viewed"), 1);
    // A browser that has it is told so, and nobody else is.
    lan.headers.push(("if-none-match", file.header("etag").to_owned()));
    let known = lan.get(&href(&page)).await;
    assert_eq!((known.status, known.body.as_str()), (304, ""));
    let mut hoa = house.browser("hoa").await;
    hoa.headers.push(("if-none-match", file.header("etag").to_owned()));
    expect(&hoa.get(&href(&page)).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_plugin_is_told_what_a_file_is_and_reads_of_it() {
    let house = House::new();
    let mut program = house.program("lan").await;
    let id = upload(&mut program, "a.pdf", PDF).await.json()["id"].as_str().unwrap().to_owned();
    let form = json!({"form": "attach", "inputs": {"title": "Một", "scan": id}});
    let sent = program.post_json(PAPERS, &form).await;
    expect(&sent, StatusCode::SEE_OTHER);
    let record = sent.json()["notice"]["title"].as_str().unwrap().to_owned();
    let page = program.get(&format!("{PAPERS}/{record}")).await;
    assert!(page.body.contains("application/pdf") && page.body.contains("%PDF-1.7"), "{}", page.body);
    assert!(page.body.contains(&format!("href=\"/apps/gallery/files/{id}\"")), "a fact leads to it");
    for bound in [
        "1 to 65536 bytes are read at a time, not 65537",
        "at most 100 files are described at a time, not 101",
    ] {
        assert!(page.body.contains(bound), "{}", page.body);
    }
}

#[tokio::test]
async fn what_was_brought_outlives_what_is_wrong_elsewhere_and_can_be_taken_away() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let again = submit(&mut lan, PAPERS, "attach", &[("f.title", "")], &[("f.scan", "a.pdf", PDF)]).await;
    expect(&again, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains(">a.pdf</a>"), "{}", again.body);
    let id = again.hidden("id=\"attach\"", "f.scan");
    // With nothing chosen a browser sends an empty file of no name.
    let fields = [("f.title", "Một"), ("f.scan", id.as_str())];
    let sent = submit(&mut lan, PAPERS, "attach", &fields, &[("f.scan", "", b"")]).await;
    expect(&sent, StatusCode::SEE_OTHER);
    assert_eq!(done(&house, "file.brought"), 1);
    let page = lan.get(PAPERS).await;
    assert!(href(&page).ends_with(&id));

    // Replaced by another, the first is gone; taken away, there is none.
    let record = created(&house);
    let path = format!("{PAPERS}/{record}");
    let drawn = lan.get(&path).await;
    assert_eq!(drawn.hidden("id=\"alter\"", "f.scan"), id);
    let shown = drawn.hidden("id=\"alter\"", "shown");
    let fields = [("f.title", "Một"), ("f.scan", id.as_str()), ("shown", shown.as_str())];
    let replaced = submit(&mut lan, &path, "alter", &fields, &[("f.scan", "b.pdf", b"%PDF-2.0\n")]).await;
    expect(&replaced, StatusCode::SEE_OTHER);
    expect(&lan.get(&format!("/apps/gallery/files/{id}")).await, StatusCode::NOT_FOUND);
    let drawn = lan.get(&path).await;
    let (new, shown) = (drawn.hidden("id=\"alter\"", "f.scan"), drawn.hidden("id=\"alter\"", "shown"));
    assert!(new != id && drawn.body.contains(">b.pdf</a>"));
    let fields = [
        ("f.title", "Một"),
        ("f.scan", new.as_str()),
        ("f.scan.remove", new.as_str()),
        ("shown", shown.as_str()),
    ];
    expect(&submit(&mut lan, &path, "alter", &fields, &[]).await, StatusCode::SEE_OTHER);
    expect(&lan.get(&format!("/apps/gallery/files/{new}")).await, StatusCode::NOT_FOUND);
}

/// The record that was added last.
fn created(house: &House) -> String {
    let evidence = house.platform.store().snapshot().unwrap().evidence(0, 10_000).unwrap();
    let last = evidence.iter().rfind(|recorded| recorded.entry.action == "record.created").unwrap();
    last.entry.records[0].to_string()
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_told_at_its_field_and_the_rest_is_kept() {
    let house = House::with_both(
        Options::default(),
        dinh_services::Options {
            files: FileLimits { file_bytes: 1 << 20, ..FileLimits::default() },
            ..dinh_services::Options::default()
        },
    );
    let mut lan = house.browser("lan").await;
    let large = [PDF, &vec![b' '; 2 << 20]].concat();
    for (name, content, told) in [
        ("a.pdf", b"<html><script>alert(1)</script>".as_slice(), "là chương trình, trang web hoặc tập lệnh"),
        ("a.exe", b"MZ\x90\x00", "là chương trình"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n", "không phải loại .pdf"),
        ("a.txt", "Chữ".as_bytes(), "chỉ nhận tệp .pdf, .png"),
        ("a.svg", b"<svg onload='alert(1)'/>", "là chương trình, trang web"),
        ("a.pdf", b"", "không có nội dung"),
        ("a.pdf", &large, "lớn quá 1 MB"),
    ] {
        let fields = [("f.title", "Tên giữ lại")];
        let again = submit(&mut lan, PAPERS, "attach", &fields, &[("f.scan", name, content)]).await;
        expect(&again, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains(told), "{name}: {}", again.body);
        assert!(again.body.contains("href=\"#attach-f.scan\""), "the summary leads to the field");
        assert!(again.body.contains("value=\"Tên giữ lại\""));
    }
    let refused = upload(&mut house.program("lan").await, "a.pdf", &large).await;
    expect(&refused, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_name_is_text_wherever_it_is_shown() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let name = "../<img src=x onerror=alert(1)>&amp;\u{202e}.pdf";
    let sent = submit(&mut lan, PAPERS, "attach", &[("f.title", "x")], &[("f.scan", name, PDF)]).await;
    expect(&sent, StatusCode::SEE_OTHER);
    let page = lan.get(PAPERS).await;
    assert!(!page.body.contains("<img src=x"), "{}", page.body);
    assert!(page.body.contains("&amp;amp;.pdf</a>"), "{}", page.body);
    let file = lan.get(&href(&page)).await;
    assert!(file.header("content-disposition").is_ascii());
}

#[tokio::test]
async fn several_files_come_with_one_field_and_no_more_than_it_takes() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let files: Vec<File<'_>> =
        ["a.pdf", "b.pdf", "c.pdf", "d.pdf"].into_iter().map(|name| ("f.scans", name, PDF)).collect();
    let again = submit(&mut lan, PAPERS, "several", &[("f.note", "x")], &files).await;
    expect(&again, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.body.contains("nhận nhiều nhất 3 tệp") && again.body.contains(">d.pdf</a>"),
        "{}",
        again.body
    );
    let sent = submit(&mut lan, PAPERS, "several", &[("f.note", "x")], &files[..3]).await;
    expect(&sent, StatusCode::SEE_OTHER);
    let page = lan.get(PAPERS).await;
    assert!(["a.pdf", "b.pdf", "c.pdf"].iter().all(|name| page.body.contains(&format!(">{name}</a>"))));
}

#[tokio::test]
async fn programs_bring_a_file_by_itself_and_are_told_of_it() {
    let house = House::new();
    let mut program = house.program("lan").await;
    let brought = upload(&mut program, "Tờ trình.pdf", PDF).await;
    expect(&brought, StatusCode::CREATED);
    let told = brought.json();
    let (id, link) = (told["id"].as_str().unwrap(), told["href"].as_str().unwrap());
    assert_eq!(
        (told["name"].as_str(), told["size"].as_u64()),
        (Some("Tờ trình.pdf"), Some(PDF.len() as u64))
    );
    assert_eq!((told["media_type"].as_str(), brought.location()), (Some("application/pdf"), link));
    let form = json!({"form": "attach", "inputs": {"title": "Một", "scan": {"id": id}}});
    expect(&program.post_json(PAPERS, &form).await, StatusCode::SEE_OTHER);
    let page = program.get_json(PAPERS).await.json();
    let cell = &page["sections"][0]["blocks"][0]["rows"][0]["cells"]["scan"];
    assert_eq!((cell["id"].as_str(), cell["href"].as_str()), (Some(id), Some(link)), "{page}");
    assert_eq!(cell["name"], "Tờ trình.pdf");
    // Once attached it is nobody's to attach.
    let again = program.post_json(PAPERS, &form).await;
    expect(&again, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.json()["problems"][0]["field"], "scan");
    // As a part, and without a file or a name.
    let part = send(
        &mut program,
        "/apps/gallery/files",
        "application/json",
        parts(&[], &[("x", "a.pdf", PDF)]).into(),
    );
    expect(&part.await, StatusCode::CREATED);
    let none =
        send(&mut program, "/apps/gallery/files", "application/json", parts(&[("a", "b")], &[]).into());
    expect(&none.await, StatusCode::BAD_REQUEST);
    let request = Request::post("/apps/gallery/files").body(Body::from(PDF)).unwrap();
    expect(&program.send(request).await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn files_are_brought_and_seen_by_who_may_and_not_by_another_site() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let forged = [("form", "attach"), ("csrf", "x"), ("once", "1"), ("f.title", "x")];
    let body = parts(&forged, &[("f.scan", "a.pdf", PDF)]);
    expect(&send(&mut lan, PAPERS, "text/html", body.into()).await, StatusCode::FORBIDDEN);
    let alone = upload(&mut lan, "a.pdf", PDF).await;
    expect(&alone, StatusCode::FORBIDDEN);
    let mut hoa = house.program("hoa").await;
    expect(&upload(&mut hoa, "a.pdf", PDF).await, StatusCode::FORBIDDEN);
    expect(&upload(&mut house.stranger(), "a.pdf", PDF).await, StatusCode::UNAUTHORIZED);
    assert_eq!(done(&house, "file.brought"), 0);

    let mut program = house.program("lan").await;
    let link = upload(&mut program, "a.pdf", PDF).await.location().to_owned();
    expect(&hoa.get_json(&link).await, StatusCode::NOT_FOUND);
    expect(&house.stranger().get_json(&link).await, StatusCode::UNAUTHORIZED);
    expect(&program.get_json("/apps/gallery/files/x").await, StatusCode::NOT_FOUND);
    assert_eq!(done(&house, "file.viewed"), 0);
    expect(&program.get(&link).await, StatusCode::OK);
}

#[tokio::test]
async fn when_the_key_is_destroyed_a_file_says_that_it_is() {
    let house = House::new();
    let mut program = house.program("lan").await;
    let link = upload(&mut program, "a.pdf", PDF).await.location().to_owned();
    house.perform(|call| destroy_key(call, "gallery"));
    let gone = program.get_json(&link).await;
    expect(&gone, StatusCode::GONE);
    assert!(gone.json()["detail"].as_str().unwrap().starts_with("Dữ liệu đã huỷ"), "{}", gone.body);
}

/// A file of some pieces.
fn large() -> Vec<u8> {
    [PDF, &vec![b' '; 2 << 20]].concat()
}

#[tokio::test]
async fn one_account_downloads_so_much_at_a_time_and_leaves_room_for_others() {
    let house = House::with(Options { downloads_at_once: 3, downloads_each: 2, ..Options::default() });
    let mut lan = house.program("lan").await;
    let link = upload(&mut lan, "a.pdf", &large()).await.location().to_owned();
    let ask = || Request::get(&link).body(Body::empty()).unwrap();
    let (first, second) = (lan.open(ask()).await, lan.open(ask()).await);
    let refused = lan.get_json(&link).await;
    expect(&refused, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.header("retry-after"), "5");
    assert_eq!(done(&house, "file.viewed"), 2, "what did not leave was not viewed");
    // Somebody else's turn does not wait for theirs, and what is read to its end is whole.
    let (mut other, here) = (house.program("lan").await, first.into_body());
    assert_eq!(here.collect().await.unwrap().to_bytes(), large());
    drop(second);
    loop {
        let answer = other.get(&link).await;
        if answer.status == StatusCode::OK {
            break;
        }
        // Their places are free as soon as it is noticed that nobody reads.
        expect(&answer, StatusCode::SERVICE_UNAVAILABLE);
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_download_goes_no_further_than_the_session_it_was_asked_in() {
    let house = House::with(Options { pieces_at_once: 1, ..Options::default() });
    let mut lan = house.program("lan").await;
    let link = upload(&mut lan, "a.pdf", &large()).await.location().to_owned();
    let mut body = lan.open(Request::get(&link).body(Body::empty()).unwrap()).await.into_body();
    body.frame().await.unwrap().unwrap();
    house.platform.sign_out(lan.token.as_ref().unwrap()).unwrap();
    let mut came = 1;
    let broken = loop {
        match body.frame().await {
            Some(Ok(_)) => came += 1,
            Some(Err(error)) => break error,
            None => panic!("the whole file came"),
        }
    };
    // One more was opened before, and one waited to leave.
    assert!(came <= 3, "{came} pieces, then {broken}");
}

/// A body that has a beginning and no end; how much of it was taken.
struct Endless(Vec<u8>, Arc<AtomicUsize>);

impl hyper::body::Body for Endless {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let next = std::mem::replace(&mut self.0, vec![b' '; 64 << 10]);
        self.1.fetch_add(next.len(), Ordering::SeqCst);
        Poll::Ready(Some(Ok(Frame::data(next.into()))))
    }
}

#[tokio::test]
async fn a_file_without_end_is_answered_at_its_bound() {
    let options =
        Options { files_bytes: 2 << 20, upload_bytes: 1 << 20, form_bytes: 64 << 10, ..Options::default() };
    let files = FileLimits { file_bytes: 1 << 20, ..FileLimits::default() };
    let house =
        House::with_both(options, dinh_services::Options { files, ..dinh_services::Options::default() });
    let mut program = house.program("lan").await;
    let taken = Arc::new(AtomicUsize::new(0));
    let body = |begin: &[u8]| Body::new(Endless(begin.to_vec(), Arc::clone(&taken)));
    let request = Request::post("/apps/gallery/files?name=a.pdf").header(header::ACCEPT, "application/json");
    let answer = program.send(request.body(body(PDF)).unwrap()).await;
    expect(&answer, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.json()["detail"].as_str().unwrap().contains("lớn quá 1 MB"), "{}", answer.body);
    assert!(taken.swap(0, Ordering::SeqCst) < 2 << 20);

    let begin = parts(&[("form", "attach")], &[("f.scan", "a.pdf", PDF)]);
    let begin = &begin[..begin.len() - b"\r\n--b--\r\n".len()];
    let answer = send(&mut program, PAPERS, "application/json", body(begin)).await;
    expect(&answer, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.header("connection"), "close");
    assert!(taken.load(Ordering::SeqCst) < 3 << 20);
}
