//! Printed forms by the real program: the child that lays them out, what it may not do, and the forms of the plugins.

use std::time::Duration;

use dinh_model::FormFiles;
use dinh_print::{DEFAULT_TEMPLATE, Job, LIMITS, Limits, Press, PrintError};
use dinh_tests::folder::Folder;
use dinh_tests::programs;
use dinh_tests::server::Server;
use serde_json::{Value, json};

fn press(limits: Limits) -> Press {
    Press::new(programs::dinh(), vec!["print-form".into()], limits)
}

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
        pages: 1_000,
    }
}

/// What came of a template within limits.
fn printed(template: &str, limits: Limits) -> Result<usize, PrintError> {
    press(limits).print(&job(template), b"{}".to_vec()).map(|pdf| pdf.len())
}

fn limit(what: &str, allowed: u64) -> PrintError {
    PrintError::Limit { what: what.into(), allowed }
}

#[test]
fn the_child_prints_and_tells_what_is_wrong_with_a_template() {
    assert!(printed("Chào", LIMITS).unwrap() > 1_000);
    let wrong = printed("\n#(1", LIMITS).unwrap_err().to_string();
    assert!(wrong.starts_with("prints/form.typ:2:"), "{wrong}");
    let stranger = press(LIMITS).print(&Job { template: "prints/none.typ".into(), ..job("") }, Vec::new());
    assert!(matches!(stranger, Err(PrintError::Template { .. })), "{stranger:?}");
}

#[test]
fn endless_work_ends_at_the_cpu_time() {
    let template = "#for i in range(9999) { for j in range(9999) { let k = calc.pow(i, 2) + j } }";
    let limits = Limits { cpu: Duration::from_secs(1), ..LIMITS };
    assert_eq!(printed(template, limits), Err(limit("seconds of CPU time", 1)));
}

#[test]
fn a_template_that_wants_all_memory_gets_its_share_and_no_more() {
    let template = "#let all = ()\n#for i in range(9999) { all.push(\"đình\" * 1000000 + str(i)) }";
    let limits = Limits { memory: 512 << 20, ..LIMITS };
    assert_eq!(printed(template, limits), Err(limit("MiB of memory", 512)));
}

#[test]
fn a_child_that_does_nothing_is_ended() {
    let limits = Limits { wall: Duration::from_secs(1), ..LIMITS };
    let idle = Press::new("/bin/sh".into(), vec!["-c".into(), "exec sleep 600".into()], limits);
    assert_eq!(idle.print(&job(""), Vec::new()), Err(limit("seconds", 1)));
}

#[test]
fn pages_and_bytes_are_bounded() {
    let many = "#for i in range(1200) [#i #pagebreak()]";
    assert_eq!(printed(many, LIMITS), Err(limit("pages", 1_000)));
    let limits = Limits { bytes: 1_000, ..LIMITS };
    assert_eq!(printed("Chào", limits), Err(limit("bytes", 1_000)));
}

#[test]
fn nesting_without_end_is_refused() {
    for template in [
        "#let f(n) = f(n + 1)\n#f(0)",
        "#let x = []\n#for i in range(9000) { x = box(x) }\n#x",
        "#let x = \"\"\n#for i in range(5000) { x = x + \"(\" }\n#eval(x)",
    ] {
        let refused = printed(template, LIMITS).unwrap_err();
        assert!(
            matches!(refused, PrintError::Template { .. } | PrintError::Limit { .. }),
            "{template}: {refused}"
        );
    }
}

#[test]
fn a_table_of_ten_thousand_rows_is_printed() {
    let column = |key: &str, align: &str, share: u32| json!({ "key": key, "align": align, "share": share, "number": null });
    let columns: Vec<Value> =
        (0..8).map(|at| column(&at.to_string(), if at > 2 { "num" } else { "" }, 9 + at % 3)).collect();
    let heads: Vec<Value> =
        (0..8).map(|at| json!({ "text": format!("Cột {at}"), "columns": 1, "rows": 1 })).collect();
    let row = |number: u32| {
        let cells = (0..8).map(|at| (at.to_string(), json!(format!("Ổn {number}.{at}"))));
        json!({ "texts": cells.collect::<serde_json::Map<_, _>>() })
    };
    let table = json!({
        "kind": "table", "id": "long", "caption": null, "columns": columns, "head_rows": [heads], "note": null,
        "empty": "", "size": 9, "rows": (0..10_000).map(row).collect::<Vec<_>>(),
    });
    let section = json!({ "id": "all", "title": null, "blocks": [table] });
    let page = json!({ "title": "Sổ", "subtitle": null, "label": "ordinary", "sections": [section] });
    let data = json!({ "page": page, "about": { "language": "vi", "unit": "Sở Nội vụ" } });
    let job = Job { template: DEFAULT_TEMPLATE.into(), files: FormFiles::default(), ..job("") };
    let pdf = press(LIMITS).print(&job, serde_json::to_vec(&data).unwrap()).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 100_000, "{}", pdf.len());
}

#[test]
fn what_is_only_for_a_screen_is_left_out_of_print_and_of_the_width() {
    let import = json!({ "kind": "import", "id": "rows", "columns": [{ "key": "code", "name": "Mã" }] });
    let section = json!({ "id": "all", "title": null, "blocks": [import] });
    let page =
        json!({ "title": "Nhập dữ liệu", "subtitle": null, "label": "ordinary", "sections": [section] });
    let data = json!({ "page": page, "about": { "language": "vi", "unit": "Sở Nội vụ" } });
    let job = Job { template: DEFAULT_TEMPLATE.into(), files: FormFiles::default(), ..job("") };
    let pdf = press(LIMITS).print(&job, serde_json::to_vec(&data).unwrap()).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
}

#[test]
fn an_officers_sheet_is_printed_in_its_form_and_its_holder_prints_the_own_one() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let clerk = folder.with_role("personnel.clerk");
    let program = server.visitor().program(&clerk.account, &clerk.password);
    let list = program.get_json("/apps/personnel").expect(200).json();
    let first = &dinh_tests::page::table(&list, "people")["rows"][0];
    let sheet = first["href"].as_str().unwrap();
    let data = program.get_json(&format!("{sheet}?print=ly-lich-2c")).expect(200).json();
    let name = dinh_tests::page::find(&data, &|value| value["label"] == "Họ và tên khai sinh").unwrap();
    assert_eq!(name["text"], first["cells"]["name"]);
    for address in ["?print=ly-lich-2c", "?print=page"] {
        let pdf = program.get(&format!("{sheet}{address}")).expect(200);
        assert_eq!(pdf.header("content-type"), "application/pdf");
        assert!(pdf.body.starts_with("%PDF-"));
    }
    assert_eq!(program.get("/apps/personnel?print=ly-lich-2c").status, 404, "the list is no sheet");
    let pdf = program.get("/apps/personnel?export=people&format=pdf").expect(200);
    assert!(pdf.body.starts_with("%PDF-"));
    let outsider = folder.outsider();
    let outsider = server.visitor().program(&outsider.account, &outsider.password);
    assert_eq!(outsider.get(&format!("{sheet}?print=ly-lich-2c")).status, 403);
}

#[test]
fn a_voucher_is_printed_in_its_form_with_the_amount_in_words() {
    let folder = Folder::demo();
    let server = Server::start(folder.path());
    let accountant = folder.with_role("party-finance.accountant");
    let program = server.visitor().program(&accountant.account, &accountant.password);
    // Of the division whose spending the demo has.
    let list = program.get_json("/apps/party-finance/vouchers?unit=4").expect(200).json();
    let voucher = dinh_tests::page::table(&list, "vouchers")["rows"][0]["href"].as_str().unwrap();
    let data = program.get_json(&format!("{voucher}?print=phieu-chi")).expect(200).json();
    let words = dinh_tests::page::find(&data, &|value| value["label"] == "Số tiền bằng chữ").unwrap();
    assert!(words["text"].as_str().unwrap().ends_with(" đồng"), "{words}");
    let pdf = program.get(&format!("{voucher}?print=phieu-chi")).expect(200);
    assert_eq!(pdf.header("content-type"), "application/pdf");
}
