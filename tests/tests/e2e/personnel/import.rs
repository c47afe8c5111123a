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
    let preview = report(&clerk, &path, "people", file);
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
    accept(&clerk, &preview);
    assert_eq!(total(), 2_001);
    let page = office.clerk.get_json(&office.sheet("CB0001")).expect(200).json();
    assert_eq!(fact(&page, "Số căn cước công dân"), "038185000777");
    assert_eq!(fact(&page, "Hệ số lương"), "3.99", "what the file has no column for stays");
}

/// What is said of a file before anything is written.
fn report(clerk: &Visitor, path: &str, block: &str, file: &str) -> String {
    let preview = clerk.submit_file(path, block, "can-bo.csv", file.as_bytes());
    clerk.get(preview.location()).expect(200).body
}

/// Imports the good lines of a file that was reported on.
fn accept(clerk: &Visitor, report: &str) {
    let form = page::form(report, |form| form.value("sheet").is_some());
    let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields: Vec<_> = hidden.chain([("rows", "good")]).collect();
    let done = clerk.post(&form.action, &fields);
    assert_eq!(done.status, 303, "{}", done.body);
}

#[test]
fn nobody_imports_into_the_own_record() {
    let office = Office::open();
    // Trần Thị Hoà of the demo is the officer CB0005.
    let clerk = office.folder.with_role("personnel.clerk");
    let clerk = office.server.visitor().sign_in(&clerk.account, &clerk.password);
    let own = "Đây là hồ sơ của chính mình.";
    let people = format!("{APP}/import");
    let head = "Số hiệu;Họ và tên;Ngày sinh;Giới tính;Đơn vị";
    let line = "Trần Thị Hoà;25/01/1988;Nữ;snv-ccvc";
    let said = report(&clerk, &people, "people", &format!("{head}\nCB0005;{line}\n"));
    assert!(said.contains("cập nhật 1 hồ sơ; 0 dòng sai"), "as it is, nothing is written: {said}");
    let raised = format!("{head};Bậc lương;Hệ số lương\nCB0005;{line};6;3,99\n");
    let said = report(&clerk, &people, "people", &raised);
    assert!(said.contains(own) && said.contains("1 dòng sai"), "{said}");
    let second = format!("{head};Tài khoản\nCB9100;{line};tranthihoa-snv\n");
    let said = report(&clerk, &people, "people", &second);
    assert!(said.contains(own) && said.contains("1 dòng sai"), "a second record of one's own: {said}");
    for (block, file) in [
        (
            "trainings",
            "Số hiệu;Tên trường, cơ sở;Chuyên ngành, nội dung;Từ;Đến\n\
             CB0005;Trường Đại học Vinh;Luật;05/09/2020;30/06/2022\n",
        ),
        ("papers", "Số hiệu;Loại giấy tờ;Tên, số giấy tờ;Ngày cấp\nCB0005;Giấy tờ khác;Thẻ;01/01/2020\n"),
    ] {
        let said = report(&clerk, &format!("{people}/{block}"), block, file);
        assert!(said.contains(own) && said.contains("1 dòng sai"), "{block}: {said}");
        // Somebody else may.
        let said = report(&clerk, &format!("{people}/{block}"), block, &file.replace("CB0005", "CB0001"));
        assert!(said.contains("0 dòng sai"), "{block}: {said}");
    }
}

#[test]
fn the_list_as_it_was_exported_is_taken_back() {
    let office = Office::open();
    let clerk = office.folder.with_role("personnel.clerk");
    let clerk = office.server.visitor().sign_in(&clerk.account, &clerk.password);
    let list = clerk.get(&format!("{APP}?q=Văn+Nam&export=people&format=excel")).expect(200).body;
    let upload = clerk.submit_file(&format!("{APP}/import"), "people", "danh-sach.csv", list.as_bytes());
    let said = clerk.get(upload.location()).expect(200).body;
    assert!(said.contains("Thêm 0 hồ sơ") && said.contains("0 dòng sai"), "{said}");
    assert!(!said.contains("cập nhật 0 hồ sơ"), "{said}");
}

#[test]
fn histories_that_begin_to_tell_of_a_record_agree_with_it_and_are_what_it_says_from_then_on() {
    let office = Office::open();
    let clerk = office.folder.with_role("personnel.clerk");
    let clerk = office.server.visitor().sign_in(&clerk.account, &clerk.password);
    let officers = |level: &str| {
        format!(
            "Số hiệu;Họ và tên;Ngày sinh;Giới tính;Đơn vị;Ngạch;Bậc lương;Hệ số lương;Ngày hưởng;Phụ cấp chức vụ;Trình độ chuyên môn cao nhất;Chuyên ngành\n\
             CB9300;Đỗ Thị Thử;05/06/1985;Nữ;sxd;01.003;5;3,66;01/01/2024;0,5;{level};Luật\n"
        )
    };
    let people = format!("{APP}/import");
    accept(&clerk, &report(&clerk, &people, "people", &officers("Thạc sĩ")));
    let sheet = office.sheet("CB9300");
    let level = |day: &str| {
        let page = office.clerk.get_json(&format!("{sheet}?as-of={day}")).expect(200).json();
        fact(&page, "Trình độ chuyên môn cao nhất").clone()
    };
    assert_eq!(level("2000-01-01"), "Thạc sĩ", "of no training: as it was taken over");
    // As histories were before they attested levels: nothing changes.
    let path = format!("{APP}/import/trainings");
    let old = "Số hiệu;Tên trường, cơ sở;Chuyên ngành, nội dung;Từ;Đến\n\
               CB9300;Trường Đại học Luật Hà Nội;Luật;05/09/2003;30/06/2007\n\
               CB9300;Trường Đại học Luật Hà Nội;Luật;05/09/2012;30/06/2014\n";
    accept(&clerk, &report(&clerk, &path, "trainings", old));
    assert_eq!(level("2000-01-01"), "Thạc sĩ");
    // Half of the truth would take the other half away.
    let head = "Số hiệu;Tên trường, cơ sở;Chuyên ngành, nội dung;Từ;Đến;Đạt trình độ chuyên môn\n";
    let bachelor = "CB9300;Trường Đại học Luật Hà Nội;Luật;05/09/2003;30/06/2007;Đại học\n";
    let master = "CB9300;Trường Đại học Luật Hà Nội;Luật;05/09/2012;30/06/2014;Thạc sĩ\n";
    let said = report(&clerk, &path, "trainings", &format!("{head}{bachelor}"));
    assert!(said.contains("hồ sơ đang ghi Thạc sĩ, còn các dòng này cho đến nay là Đại học"), "{said}");
    let ahead = "CB9300;Trường Đại học Luật Hà Nội;Luật;05/09/2024;30/06/2090;Tiến sĩ\n";
    let said = report(&clerk, &path, "trainings", &format!("{head}{ahead}"));
    assert!(said.contains("Khoá đào tạo chưa kết thúc"), "{said}");
    accept(&clerk, &report(&clerk, &path, "trainings", &format!("{head}{bachelor}{master}")));
    assert_eq!(
        [level("2007-06-29"), level("2007-06-30"), level("2014-06-30")],
        [Value::Null, json!("Đại học"), json!("Thạc sĩ")]
    );
    // The rows of before were completed, and the old file brings nothing twice.
    let page = office.clerk.get_json(&sheet).expect(200).json();
    assert_eq!(rows(&page, "trainings").len(), 2);
    let said = report(&clerk, &path, "trainings", old);
    assert!(said.contains("Thêm 0 dòng, bổ sung 0 dòng, đã có 2 dòng; 0 dòng sai."), "{said}");
    // From now on the officer's file may not say otherwise.
    let said = report(&clerk, &people, "people", &officers("Đại học"));
    assert!(said.contains("Khác với lịch sử đào tạo, phụ cấp của hồ sơ"), "{said}");
    // The same of allowances.
    let path = format!("{APP}/import/allowances");
    let head = "Số hiệu;Loại phụ cấp;Mức hưởng;Từ ngày;Đến ngày\n";
    let was = "CB9300;Chức vụ lãnh đạo (hệ số);0,3;01/01/2015;31/12/2019\n";
    let is = "CB9300;Chức vụ lãnh đạo (hệ số);0,5;01/01/2020;\n";
    let said = report(&clerk, &path, "allowances", &format!("{head}{was}"));
    assert!(
        said.contains("Phụ cấp chức vụ: hồ sơ đang ghi 0,5, còn các dòng này cho đến nay là chưa có"),
        "{said}"
    );
    let said = report(&clerk, &path, "allowances", &format!("{head}{}", is.replace("0,5", "5,5")));
    assert!(said.contains("Mức hưởng phải lớn hơn 0 và không quá 5"), "{said}");
    accept(&clerk, &report(&clerk, &path, "allowances", &format!("{head}{was}{is}")));
    let insured = |day: &str| {
        let page = office.clerk.get_json(&format!("{sheet}?as-of={day}")).expect(200).json();
        fact(&page, "Hệ số đóng BHXH").clone()
    };
    assert_eq!(insured("2026-01-01"), "4.16");
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
    let preview = report(&clerk, &path, "people", &file);
    for said in ["Thêm 4998 hồ sơ, cập nhật 0 hồ sơ; 2 dòng sai.", "Sở Không Có", ">19<", ">5001<"]
    {
        assert!(preview.contains(said), "{said}");
    }
    accept(&clerk, &preview);
    let page = office.clerk.get_json(APP).expect(200).json();
    assert_eq!(page::table(&page, "people")["paging"]["total"], 2_000 + 4_998);
}
