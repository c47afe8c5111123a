//! Import: a complete report first.

use super::*;

#[test]
fn an_import_names_every_wrong_line_before_anything_is_written_and_updates_who_is_known() {
    let office = Office::open();
    let clerk = office.folder.with_role("personnel.clerk");
    let clerk = office.server.visitor().sign_in(&clerk.account, &clerk.password);
    let path = format!("{APP}/import");
    let file = "Số hiệu;Họ và tên;Ngày sinh;Giới tính;Đơn vị;Số căn cước công dân;Ngày vào Đảng;Ngày chính thức\n\
                CB9200;Đỗ Thị Thử;05/06/1990;Nữ;sxd;038190000001;;\n\
                CB9201;Đỗ Văn Sai;05/06/1990;Nam;Sở Không Có;038090000002;;\n\
                CB9202;Đỗ Văn Ngắn;05/06/1990;Nam;sxd;0380900;;\n\
                CB9203;Đỗ Văn Ngược;05/06/1990;Nam;sxd;038090000004;03/02/2015;03/02/2014\n\
                CB9200;Đỗ Thị Lặp;05/06/1990;Nữ;sxd;038190000009;;\n\
                CB0001;Nguyễn Thị Lan;08/03/1985;Nữ;skhdt-thqh;038185000777;03/02/2010;03/02/2011\n";
    let preview = clerk.submit_file(&path, "people", "can-bo.csv", file.as_bytes());
    let preview = clerk.get(preview.location()).expect(200).body;
    for said in [
        "Thêm 1 hồ sơ, cập nhật 1 hồ sơ; 4 dòng sai.",
        "Không có đơn vị “Sở Không Có”",
        "không đủ 12 chữ số",
        "Ngày chính thức trước ngày vào Đảng",
        "đã có ở dòng trên",
    ] {
        assert!(preview.contains(said), "{said}: {preview}");
    }
    let total = || {
        let page = office.clerk.get_json(APP).expect(200).json();
        page::table(&page, "people")["paging"]["total"].as_u64().unwrap()
    };
    assert_eq!(total(), 2_000, "a preview imports nothing");
    let form = page::form(&preview, |form| form.value("sheet").is_some());
    let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain([("rows", "good")]).collect();
    assert_eq!(clerk.post(&form.action, &fields).status, 303);
    assert_eq!(total(), 2_001);
    let page = office.clerk.get_json(&office.sheet("CB0001")).expect(200).json();
    assert_eq!(fact(&page, "Số căn cước công dân"), "038185000777");
    assert_eq!(fact(&page, "Hệ số lương"), "3.99", "what the file has no column for stays");
}

#[test]
fn five_thousand_officers_come_in_at_once_after_a_complete_report() {
    let office = Office::open();
    let clerk = office.folder.with_role("personnel.clerk");
    let clerk = office.server.visitor().sign_in(&clerk.account, &clerk.password);
    let path = format!("{APP}/import");
    let mut file = "Số hiệu;Họ và tên;Ngày sinh;Giới tính;Đơn vị;Số căn cước công dân\n".to_owned();
    for row in 0..5_000_u32 {
        let (day, month, year) = (1 + row % 28, 1 + row % 12, 1970 + row % 30);
        // Two lines are wrong, one of them the last.
        let unit = if matches!(row, 17 | 4_999) { "Sở Không Có" } else { "sxd" };
        let name = ["Lê Văn Hải", "Đỗ Thị Ngân", "Trịnh Quốc Ân"][row as usize % 3];
        file += &format!(
            "N{row:05};{name};{day:02}/{month:02}/{year};Nam;{unit};{:012}\n",
            38_000_000_000_u64 + u64::from(row)
        );
    }
    let preview = clerk.submit_file(&path, "people", "can-bo.csv", file.as_bytes());
    let preview = clerk.get(preview.location()).expect(200).body;
    for said in ["Thêm 4998 hồ sơ, cập nhật 0 hồ sơ; 2 dòng sai.", "Sở Không Có", ">19<", ">5001<"]
    {
        assert!(preview.contains(said), "{said}");
    }
    let form = page::form(&preview, |form| form.value("sheet").is_some());
    let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain([("rows", "good")]).collect();
    let done = clerk.post(&form.action, &fields);
    assert_eq!(done.status, 303, "{}", done.body);
    let page = office.clerk.get_json(APP).expect(200).json();
    assert_eq!(page::table(&page, "people")["paging"]["total"], 2_000 + 4_998);
}
