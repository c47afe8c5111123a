//! Whole forms, and what templates may not do.

use serde_json::{Value, json};

use super::*;

/// A template of a package, alone.
fn job(template: &str) -> Job {
    let mut files = FormFiles::default();
    files.add("prints/form.typ", template.into()).unwrap();
    Job {
        template: "prints/form.typ".into(),
        files,
        title: "Phiếu".into(),
        stamp: None,
        today: (2026, 11, 22),
        pages: 200,
    }
}

fn page() -> Job {
    Job { template: crate::DEFAULT_TEMPLATE.into(), files: FormFiles::default(), ..job("") }
}

fn refused(template: &str) -> PrintError {
    print(&job(template), data(Vec::new())).unwrap_err()
}

fn wrong(template: &str) -> (String, usize, String) {
    match refused(template) {
        PrintError::Template { file, line, message, .. } => (file, line, message),
        other => panic!("{other}"),
    }
}

/// The data of a page with one table of these rows.
fn data(rows: Vec<Value>) -> Vec<u8> {
    let column = |key: &str, align: &str, share: u32| json!({ "key": key, "align": align, "share": share, "number": null });
    let head =
        |text: &str, columns: u32, rows: u32| json!({ "text": text, "columns": columns, "rows": rows });
    let table = json!({
        "kind": "table", "id": "ledger", "caption": "Sổ thu đảng phí",
        "columns": [column("name", "", 20), column("due", "num", 8), column("paid", "num", 8)],
        "head_rows": [[head("Họ và tên", 1, 2), head("Đảng phí", 2, 1)], [head("Phải nộp", 1, 1), head("Đã nộp", 1, 1)]],
        "rows": rows, "note": null, "empty": "Chưa có dòng nào.",
    });
    let data = json!({
        "page": {
            "title": "Sổ thu", "subtitle": "Tháng 10/2026", "label": "ordinary",
            "sections": [{ "id": "all", "title": "Chi bộ Văn phòng", "blocks": [
                { "kind": "facts", "title": null, "facts": [{ "label": "Bí thư", "text": "Đặng Thuỵ Ưởng", "value": "Đặng Thuỵ Ưởng" }] },
                table,
            ] }],
        },
        "about": {
            "language": "vi", "unit": "Chi bộ Văn phòng", "above": "Đảng uỷ", "party": true, "place": "Phan Thiết",
            "day": { "day": 22, "month": 11, "year": 2026 }, "footer": "In bởi Trần Thị Bưởi",
        },
    });
    serde_json::to_vec(&data).unwrap()
}

fn row(name: &str) -> Value {
    json!({ "texts": { "name": name, "due": "23.400", "paid": "23.400" } })
}

/// All texts of a page, in the order in which they were set.
fn texts(frame: &Frame) -> String {
    let mut all = String::new();
    for (_, item) in frame.items() {
        match item {
            FrameItem::Text(text) => all.push_str(&text.text),
            FrameItem::Group(group) => all.push_str(&texts(&group.frame)),
            _ => {}
        }
    }
    all
}

fn pages(job: &Job, data: Vec<u8>) -> Vec<String> {
    layout(job, data).unwrap().1.pages().iter().map(|page| texts(&page.frame)).collect()
}

#[test]
fn a_page_without_a_template_is_printed_whole() {
    let mut total = row("Cộng");
    total["kind"] = "total".into();
    let printed = pages(&page(), data(vec![row("Nguyễn Văn Ổn"), total])).concat();
    for text in [
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "ĐẢNG UỶ",
        "SỔ THU",
        "Tháng 10/2026",
        "Đặng Thuỵ Ưởng",
        "Phải nộp",
        "Nguyễn Văn Ổn",
        "Cộng",
        "ngày 22 tháng 11 năm 2026",
        "Thủ trưởng",
        "1/1",
    ] {
        let found = printed.contains(text) || printed.contains(&text.to_uppercase());
        assert!(found, "{text} in {printed}");
    }
}

#[test]
fn heads_of_several_levels_are_repeated_on_each_page_and_pages_are_counted() {
    let printed = pages(&page(), data((0..200).map(|number| row(&format!("Người {number}"))).collect()));
    assert!(printed.len() > 3, "{}", printed.len());
    let (last, with_rows) = printed.split_last().unwrap();
    assert!(with_rows.iter().all(|page| page.contains("Họ và tên") && page.contains("Phải nộp")));
    assert!(last.contains(&format!("{0}/{0}", printed.len())), "{last}");
}

#[test]
fn the_same_page_gives_the_same_bytes() {
    let once = print(&page(), data(vec![row("Lê Thị Ý")])).unwrap();
    assert!(once.starts_with(b"%PDF-"));
    assert_eq!(once, print(&page(), data(vec![row("Lê Thị Ý")])).unwrap());
}

#[test]
fn a_label_stands_on_every_page_whatever_the_template_does() {
    let hiding = "#set page(header: none, foreground: rect(width: 100%, height: 100%, fill: white), margin: 0pt)\nMột #pagebreak() Hai";
    let job = Job { stamp: Some("Mật".into()), ..job(hiding) };
    let (_, document) = layout(&job, data(Vec::new())).unwrap();
    assert_eq!(document.pages().len(), 2);
    for page in document.pages() {
        let (_, over) = page.frame.items().last().unwrap();
        let FrameItem::Group(over) = over else { panic!("the last thing drawn is the stamp") };
        assert_eq!(texts(&over.frame), "MẬT");
    }
    assert!(print(&job, data(Vec::new())).unwrap().starts_with(b"%PDF-"));
}

#[test]
fn markup_in_the_data_stays_text() {
    let hostile = "#pagebreak() $x$ *a* @b <c> \\ // [d] #read(\"/etc/passwd\")";
    let printed = pages(&page(), data(vec![row(hostile)]));
    assert_eq!(printed.len(), 1);
    assert!(printed.concat().replace(' ', "").contains(&hostile.replace(' ', "")), "{printed:?}");
}

#[test]
fn a_template_sees_its_package_and_nothing_else() {
    let mut job =
        job("#import \"part.typ\": greeting\n#greeting #datetime.today().display(\"[day]/[month]/[year]\")");
    job.files.add("prints/part.typ", "#let greeting = [Chào]".into()).unwrap();
    assert!(pages(&job, data(Vec::new())).concat().contains("Chào 22/11/2026"));
    for (template, says) in [
        ("\n#read(\"/etc/passwd\")", "file not found"),
        ("\n#read(\"../../etc/passwd\")", "escape"),
        ("\n#image(\"/proc/self/environ\")", "file not found"),
        ("\n#import \"@preview/cetz:0.3.0\": canvas", "package not found"),
        ("\n#include \"/etc/hostname\"", "file not found"),
    ] {
        let (file, line, message) = wrong(template);
        assert_eq!((file.as_str(), line), ("prints/form.typ", 2), "{template}");
        assert!(message.contains(says), "{template}: {message}");
        assert!(!message.contains("root:"), "{message}");
    }
}

#[test]
fn a_wrong_template_is_told_with_file_line_and_column() {
    let error = refused("Một\n\n  #let x = (1, 2\nHai").to_string();
    assert!(error.starts_with("prints/form.typ:3:") && error.contains("unclosed"), "{error}");
    let (file, line, message) = wrong("Một\n#nothing-here()\n");
    assert_eq!((file.as_str(), line), ("prints/form.typ", 2));
    assert!(message.contains("unknown variable"), "{message}");
}

#[test]
fn a_problem_within_what_is_offered_is_told_where_the_package_led_to_it() {
    let (file, line, _) = wrong("#import \"/dinh.typ\": *\n\n#draw-table((columns: 3))");
    assert_eq!((file.as_str(), line), ("prints/form.typ", 3));
}

#[test]
fn endless_loops_and_deep_recursion_are_refused_where_they_are() {
    for (template, says) in [
        ("#let x = 0\n#while x < 1 { x = x * 1 }", "infinite"),
        ("\n#let f(n) = f(n + 1)\n#f(0)", "depth exceeded"),
        ("#let f(n) = [#box(f(n + 1))]\n#f(0)", "depth exceeded"),
        ("#show \"a\": [a]\n#let x = [a]\n#for i in range(2000) { x = box(x) }\n#x", "depth exceeded"),
    ] {
        let (file, _, message) = wrong(template);
        assert!(file == "prints/form.typ" && message.contains(says), "{template}: {file} {message}");
    }
}

#[test]
fn pages_are_bounded() {
    let many = refused("#for i in range(300) [Trang #i #pagebreak()]");
    assert_eq!(many, PrintError::limit("pages", 200));
}

#[test]
fn data_is_bounded() {
    let error = print(&page(), vec![b' '; LARGEST_DATA + 1]).unwrap_err();
    assert_eq!(error, PrintError::limit("bytes of data", LARGEST_DATA as u64));
}

#[test]
fn templates_are_checked_without_data_and_laid_out_when_there_is_an_example() {
    let mut files = FormFiles::default();
    files.add("prints/a.typ", "#import \"/dinh.typ\": *\n#fact(\"Bí thư\")".into()).unwrap();
    check(&files).unwrap();
    files.add("prints/a.json", data(Vec::new())).unwrap();
    check(&files).unwrap();
    files.add("prints/b.typ", "#view.title.nothing".into()).unwrap();
    check(&files).unwrap();
    files.add("prints/b.json", data(Vec::new())).unwrap();
    let error = check(&files).unwrap_err().to_string();
    assert!(error.starts_with("prints/b.typ:1:2: unknown variable: view"), "{error}");
    let mut files = FormFiles::default();
    files.add("prints/c.typ", "\n#(1".into()).unwrap();
    let error = check(&files).unwrap_err().to_string();
    assert!(error.starts_with("prints/c.typ:2:"), "{error}");
}
