//! Import: upload, preview, confirmation.

use std::time::Duration;

use axum::http::StatusCode;
use dinh_web::Options;
use serde_json::json;

use crate::house::{House, Visitor, expect};

const GOOD: &str =
    "Tỉnh;Gia nhập thị trường;Tiếp cận đất đai\r\nQuảng Ninh;7,98;7,39\r\nHải Phòng;6,52;N/A\r\n";
const BAD: &str = "Tỉnh;Gia nhập thị trường\nQuảng Ninh;7,98\nHải Phòng;11\nQuảng Ninh;7,98\n";

async fn upload(
    visitor: &mut Visitor,
    accept: &str,
    csrf: &str,
    name: &str,
    content: &[u8],
) -> crate::house::Answer {
    let fields = [("form", "scores"), ("csrf", csrf), ("once", "n1")];
    visitor.upload("/apps/gallery", accept, &fields, name, content).await
}

#[tokio::test]
async fn a_good_file_is_shown_and_imported_once_it_is_confirmed() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/apps/gallery").await;
    let csrf = page.hidden("id=\"scores\"", "csrf");
    let sent = upload(&mut lan, "text/html", &csrf, "điểm.csv", GOOD.as_bytes()).await;
    expect(&sent, StatusCode::SEE_OTHER);
    let preview = lan.get(sent.location()).await;
    for text in ["Mọi dòng đều đúng", "Nhập 2 dòng", "điểm.csv", "7,98", "Quảng Ninh"] {
        assert!(preview.body.contains(text), "{text}");
    }
    let form = &preview.body[preview.body.find("id=\"scores\"").unwrap()..];
    assert!(form.contains("name=\"rows\" value=\"all\""));
    let (sheet, once) = (preview.hidden("id=\"scores\"", "sheet"), preview.hidden("id=\"scores\"", "once"));
    let confirm =
        [("form", "scores"), ("csrf", csrf.as_str()), ("once", &once), ("sheet", &sheet), ("rows", "all")];
    assert_eq!(lan.post("/apps/gallery", &confirm).await.location(), "/apps/gallery");
    assert!(lan.get("/apps/gallery").await.body.contains("imported 2"));
    assert_eq!(lan.get(sent.location()).await.status, 422, "the file is gone once it is imported");
}

#[tokio::test]
async fn every_bad_row_is_named_and_nothing_is_imported_unless_the_good_ones_are_chosen() {
    let house = House::new();
    let mut program = house.program("lan").await;
    let sent = upload(&mut program, "application/json", "", "a.csv", BAD.as_bytes()).await;
    expect(&sent, StatusCode::SEE_OTHER);
    let sheet = sent.json()["sheet"].as_str().unwrap().to_owned();
    assert!(sent.location().contains(&format!("sheet={sheet}")));
    let preview = program.get_json(sent.location()).await.json();
    assert_eq!(preview["sheet"]["rows"], 3);
    assert_eq!(preview["sheet"]["problems"][0]["line"], 3);
    assert_eq!(preview["sheet"]["problems"][0]["value"], "11");
    let page = program.get(sent.location()).await;
    assert!(
        page.body.contains("2 dòng có lỗi") && page.body.contains("Xoá một trong hai dòng."),
        "{}",
        page.body
    );
    let confirm = |rows: &str| json!({"form": "scores", "sheet": sheet, "rows": rows});
    assert_eq!(program.post_json("/apps/gallery", &confirm("all")).await.status, 422);
    assert_eq!(program.post_json("/apps/gallery", &confirm("some")).await.status, 400);
    let done = program.post_json("/apps/gallery", &confirm("good")).await;
    expect(&done, StatusCode::SEE_OTHER);
    assert_eq!(done.json()["notice"]["title"], "imported 1");
}

#[tokio::test]
async fn what_the_preview_asks_comes_back_with_the_rows_and_is_refused_beside_the_file() {
    let house = House::new();
    let mut program = house.program("lan").await;
    let sent = upload(&mut program, "application/json", "", "a.csv", GOOD.as_bytes()).await;
    let sheet = sent.json()["sheet"].as_str().unwrap().to_owned();
    let preview = program.get_json(sent.location()).await.json();
    assert!(preview.to_string().contains("\"name\":\"note\""), "{preview}");
    let confirm =
        |note: &str| json!({"form": "scores", "sheet": sheet, "rows": "all", "inputs": { "note": note }});
    let long = "x".repeat(101);
    for (bad, told) in [("Trùng", "Đã có ghi chú này."), (long.as_str(), "100")] {
        let refused = program.post_json("/apps/gallery", &confirm(bad)).await;
        expect(&refused, StatusCode::UNPROCESSABLE_ENTITY);
        let errors = &refused.json()["problems"];
        assert!(errors[0]["message"].as_str().unwrap().contains(told), "{errors}");
    }
    let mut browser = house.browser("lan").await;
    let csrf = browser.get("/apps/gallery").await.hidden("id=\"scores\"", "csrf");
    let fields = [
        ("form", "scores"),
        ("csrf", csrf.as_str()),
        ("once", "n2"),
        ("sheet", &sheet),
        ("rows", "all"),
        ("f.note", "Trùng"),
    ];
    let again = browser.post("/apps/gallery", &fields).await;
    expect(&again, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again.body.contains("value=\"Trùng\"") && again.body.contains("Hải Phòng"),
        "the file is at hand still"
    );
    let done = program.post_json("/apps/gallery", &confirm("quý 2")).await;
    assert_eq!(done.json()["notice"]["title"], "imported 2 quý 2");
}

#[tokio::test]
async fn what_was_typed_beside_a_file_outlives_a_session_that_ended_with_the_file() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let csrf = lan.get("/apps/gallery").await.hidden("id=\"scores\"", "csrf");
    let sent = upload(&mut lan, "text/html", &csrf, "a.csv", GOOD.as_bytes()).await;
    let preview = lan.get(sent.location()).await;
    let held = |name| preview.hidden("id=\"scores\"", name);
    let (once, sheet, whose) = (held("once"), held("sheet"), held("whose"));
    let confirm = [
        ("form", "scores"),
        ("csrf", csrf.as_str()),
        ("once", &once),
        ("whose", &whose),
        ("sheet", &sheet),
        ("rows", "all"),
        ("f.note", "quý hai"),
    ];
    house.clock.advance(31);
    let asked = lan.post("/apps/gallery", &confirm).await;
    expect(&asked, StatusCode::UNAUTHORIZED);
    let carried = |name| asked.hidden("action=\"/sign-in\"", name);
    let (next, resume) = (carried("next"), carried("resume"));
    let fields =
        [("account", "lan"), ("password", crate::house::PASSWORD), ("next", &next), ("resume", &resume)];
    let back = lan.post("/sign-in", &fields).await;
    expect(&back, StatusCode::OK);
    for text in ["chưa được gửi", "value=\"quý hai\"", "Nhập 2 dòng", "Hải Phòng"] {
        assert!(back.body.contains(text), "{text}: {}", back.body);
    }
}

#[tokio::test]
async fn the_full_report_has_every_row_with_what_is_wrong_with_it() {
    let house = House::new();
    let mut lan = house.program("lan").await;
    let sent = upload(&mut lan, "application/json", "", "a.csv", BAD.as_bytes()).await;
    let file = lan.get(&format!("{}&export=scores&format=csv", sent.location())).await;
    expect(&file, StatusCode::OK);
    let lines: Vec<_> = file.body.lines().collect();
    assert_eq!(lines.len(), 4, "{}", file.body);
    assert_eq!(lines[1], "2,Quảng Ninh,7.98,,", "a good row has nothing to say");
    assert!(lines[2].starts_with("3,Hải Phòng,,") && lines[2].contains("“11”"), "{}", lines[2]);
    assert!(lines[3].contains("Xoá một trong hai dòng."), "{}", lines[3]);
    assert_eq!(lan.get(&format!("{}&export=other", sent.location())).await.status, 404);
}

#[tokio::test]
async fn a_file_that_is_no_sheet_is_refused_beside_its_field_and_not_kept() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let page = lan.get("/apps/gallery").await;
    let csrf = page.hidden("id=\"scores\"", "csrf");
    for (content, told) in [
        (&b""[..], "Tệp trống"),
        (b"%PDF-1.7 \x00\x01", "không phải là bảng tính"),
        (b"name;value\nx;1\n", "Tệp thiếu cột"),
        (b"\xd0\xcf\x11\xe0 old excel", "Excel kiểu cũ"),
    ] {
        let answer = upload(&mut lan, "text/html", &csrf, "a.csv", content).await;
        expect(&answer, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(told), "{told}");
    }
    let nothing = lan
        .upload("/apps/gallery", "text/html", &[("form", "scores"), ("csrf", &csrf), ("once", "n")], "", b"")
        .await;
    assert!(nothing.body.contains("Hãy chọn tệp"), "{}", nothing.body);
}

#[tokio::test]
async fn an_upload_belongs_to_whoever_brought_it_and_ends_after_a_day() {
    let house = House::new();
    let planning = house.province;
    let other = house.person("khac", "Phạm Văn Khác", planning, false);
    house.give(other, "gallery.writer", house.province);
    let (mut lan, mut khac) = (house.program("lan").await, house.program("khac").await);
    let sent = upload(&mut lan, "application/json", "", "a.csv", GOOD.as_bytes()).await;
    assert_eq!(khac.get_json(sent.location()).await.status, 422);
    assert_eq!(lan.get_json(sent.location()).await.status, 200);
    house.clock.advance(24 * 60 + 1);
    let mut lan = house.program("lan").await;
    assert_eq!(lan.get_json(sent.location()).await.status, 422);
}

#[tokio::test]
async fn a_file_beyond_the_bound_is_refused() {
    let house = House::with(Options { upload_bytes: 2_000, ..Options::default() });
    let mut lan = house.program("lan").await;
    let long = format!("Tỉnh\n{}", "Quảng Ninh\n".repeat(1_000));
    assert_eq!(upload(&mut lan, "application/json", "", "a.csv", long.as_bytes()).await.status, 413);
}

#[tokio::test]
async fn a_person_may_try_as_often_as_it_takes() {
    let house = House::new();
    let mut lan = house.program("lan").await;
    let mut last = String::new();
    for turn in 0..30 {
        let sent = upload(&mut lan, "application/json", "", "a.csv", GOOD.as_bytes()).await;
        assert_eq!(sent.status, 303, "upload {turn}: {}", sent.body);
        last = sent.location().to_owned();
    }
    assert_eq!(lan.get_json(&last).await.status, 200);
}

#[tokio::test]
async fn an_import_sent_twice_at_once_is_done_once_and_answered_twice() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let csrf = lan.get("/apps/gallery").await.hidden("id=\"scores\"", "csrf");
    // How long one takes here; the second is sent at all moments of the first.
    let mut takes = Duration::ZERO;
    for pair in 0..32 {
        let sent = upload(&mut lan, "text/html", &csrf, "a.csv", GOOD.as_bytes()).await;
        let preview = lan.get(sent.location()).await;
        let hidden = |name| preview.hidden("id=\"scores\"", name);
        let (sheet, once) = (hidden("sheet"), hidden("once"));
        let confirm = [
            ("form", "scores"),
            ("csrf", csrf.as_str()),
            ("once", &once),
            ("sheet", &sheet),
            ("rows", "all"),
        ];
        let mut again = lan.clone();
        let began = std::time::Instant::now();
        let mut ended = takes;
        let (first, second) = tokio::join!(
            async {
                let first = lan.post("/apps/gallery", &confirm).await;
                ended = began.elapsed();
                first
            },
            async {
                let wait = takes * pair / 32;
                while began.elapsed() < wait {
                    tokio::task::yield_now().await;
                }
                again.post("/apps/gallery", &confirm).await
            }
        );
        takes = ended;
        assert_eq!((first.status, second.status), (303, 303), "pair {pair}: {}", second.body);
    }
}

#[tokio::test]
async fn a_sheet_waits_for_its_turn_and_whoever_waits_too_long_is_asked_to_come_back() {
    let long = format!("Tỉnh;Gia nhập thị trường\r\n{}", "Quảng Ninh;7,98\r\n".repeat(1_000));
    for (turn_wait, refused) in [(Duration::ZERO, true), (Duration::from_secs(600), false)] {
        let house =
            House::with(Options { sheets_at_once: 1, sheets_each: 1, turn_wait, ..Options::default() });
        let mut lan = house.browser("lan").await;
        let csrf = lan.get("/apps/gallery").await.hidden("id=\"scores\"", "csrf");
        let sent = upload(&mut lan, "text/html", &csrf, "a.csv", long.as_bytes()).await;
        let mut again = lan.clone();
        let mut seen = None;
        for _ in 0..50 {
            let (first, second) = tokio::join!(lan.get(sent.location()), again.get(sent.location()));
            for answer in [first, second] {
                match answer.status {
                    200 => {}
                    503 => seen = Some(answer),
                    other => panic!("{other}: {}", answer.body),
                }
            }
            if seen.is_some() {
                break;
            }
        }
        assert_eq!(seen.is_some(), refused);
        if let Some(answer) = seen {
            assert_eq!(answer.header("retry-after"), "5");
            // What is refused so leaves nothing behind, and comes through once there is room.
            expect(&lan.get(sent.location()).await, StatusCode::OK);
        }
    }
}

/// A body with a file that begins and does not end.
fn endless() -> axum::body::Body {
    struct Endless(Option<&'static [u8]>);
    impl hyper::body::Body for Endless {
        type Data = bytes::Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<hyper::body::Frame<bytes::Bytes>, Self::Error>>> {
            match self.0.take() {
                Some(begin) => std::task::Poll::Ready(Some(Ok(hyper::body::Frame::data(
                    bytes::Bytes::from_static(begin),
                )))),
                None => std::task::Poll::Pending,
            }
        }
    }
    axum::body::Body::new(Endless(Some(b"--b\r\ncontent-disposition: form-data; name=\"form\"\r\n\r\nsco")))
}

fn slow() -> axum::http::Request<axum::body::Body> {
    axum::http::Request::post("/apps/gallery")
        .header("content-type", "multipart/form-data; boundary=b")
        .header("accept", "application/json")
        .body(endless())
        .unwrap()
}

#[tokio::test]
async fn who_may_not_open_the_page_is_refused_before_the_body_is_read() {
    let house = House::with(Options { uploads_at_once: 1, ..Options::default() });
    let mut hoa = house.program("hoa").await;
    let soon = Duration::from_secs(20);
    let refused = tokio::time::timeout(soon, hoa.send(slow())).await.expect("the body is waited for");
    expect(&refused, StatusCode::FORBIDDEN);
    assert!(refused.json()["detail"].as_str().unwrap().len() > 10, "{}", refused.body);
}

#[tokio::test]
async fn nobody_holds_all_the_places_for_files() {
    let house = House::with(Options { uploads_at_once: 2, uploads_each: 1, ..Options::default() });
    let khac = house.person("khac", "Phạm Văn Khác", house.province, false);
    house.give(khac, "gallery.writer", house.province);
    let (mut lan, mut khac) = (house.program("lan").await, house.program("khac").await);
    let mut held = lan.clone();
    let holding = tokio::spawn(async move { held.send(slow()).await });
    let mut send = async || upload(&mut lan, "application/json", "", "a.csv", GOOD.as_bytes()).await.status;
    while send().await != 503 {
        tokio::task::yield_now().await;
    }
    let sent = upload(&mut khac, "application/json", "", "a.csv", GOOD.as_bytes()).await;
    expect(&sent, StatusCode::SEE_OTHER);
    holding.abort();
    let _ = holding.await;
    assert_eq!(send().await, 303);
}

#[tokio::test]
async fn a_template_has_the_heads_that_the_import_expects() {
    let house = House::new();
    let mut lan = house.browser("lan").await;
    let file = lan.get("/apps/gallery?template=scores").await;
    assert_eq!(
        file.body,
        "\u{feff}Tỉnh, thành phố;Gia nhập thị trường;Tiếp cận đất đai\r\n"
            .replace("Tỉnh, thành phố", "\"Tỉnh, thành phố\"")
    );
    assert_eq!(lan.get("/apps/gallery?template=nothing").await.status, 404);
}
