//! Importing people in bulk: a full report first, all or nothing, one approval, a password each.

use std::collections::HashSet;

use dinh_access::Grantee;
use dinh_model::{AccountId, Label, Localized, PositionId, RequestId, RoleId, UnitId};
use dinh_services::ServiceError;
use dinh_services::accounts::{
    AccountState, Asked, FaultKind, ImportFile, ImportPlan, ImportSheet, Imported, MOST_ROWS, NewGrant,
    NewPosition, add_domain, approve, ask_for_accounts, change_password, close, create_account,
    create_position, define_role, effect_of, end_unit, find_account, get_account, get_request,
    hand_out_passwords, held_by, import_accounts, import_columns, inbox, list_people, plan_import, refuse,
    requested_accounts, requests_about, temporary_password,
};
use dinh_services::accounts::{Password, PeopleFilter};
use dinh_services::permissions::ACCOUNT_APPROVE;
use dinh_services::sheets::{self, Wanted};

use crate::council::{Council, read_scores};
use crate::house::{House, account, denied, give, give_this, invalid, new_account, new_grant, refused, unit};

fn file(csv: &str) -> ImportFile<'_> {
    ImportFile { name: "can-bo.csv", bytes: csv.as_bytes(), unit: None, same_names: false }
}

fn plan(house: &House, csv: &str) -> ImportPlan {
    house.admin(|call| plan_import(call, &file(csv)))
}

fn import(house: &House, csv: &str) -> Imported {
    house.admin(|call| import_accounts(call, &file(csv), ""))
}

/// Line, kind and cell of each fault.
fn faults(plan: &ImportPlan) -> Vec<(u32, FaultKind, &str)> {
    plan.faults.iter().map(|fault| (fault.problem.line, fault.kind, fault.problem.value.as_str())).collect()
}

fn made(plan: &ImportPlan) -> Vec<(&str, Option<&str>)> {
    plan.accounts.iter().map(|made| (made.login.as_str(), made.email.as_deref())).collect()
}

fn count(house: &House) -> usize {
    house.admin(|call| list_people(call, &PeopleFilter::default(), None, 100_000)).accounts.len()
}

const TWO: &str = "Họ và tên,Đơn vị,Độ mật\nĐỗ Thị Ánh Đào,skhdt,\nLê Văn Bình,Sở Tài chính,Mật\n";

#[test]
fn logins_and_addresses_follow_the_rule_and_the_units_domain() {
    let house = House::new();
    house.admin(|call| add_domain(call, house.province, "laocai.gov.vn"));
    house.admin(|call| add_domain(call, house.finance, "stc.laocai.gov.vn"));
    let plan = house.admin(|call| {
        call.origin.operator = true;
        plan_import(call, &file(TWO))
    });
    assert_eq!(plan.faults, []);
    assert_eq!(
        made(&plan),
        [
            ("dtadao-skhdt", Some("dtadao-skhdt@laocai.gov.vn")),
            ("lvbinh-stc", Some("lvbinh-stc@stc.laocai.gov.vn"))
        ]
    );
    assert_eq!(plan.accounts[1].clearance, Label::Confidential);
    assert_eq!(plan.accounts[1].unit, house.finance);
}

#[test]
fn whom_the_rule_gives_one_login_get_the_smallest_free_numbers() {
    let house = House::new();
    house.admin(|call| add_domain(call, house.province, "laocai.gov.vn"));
    house.admin(|call| account(call, "nvan-stc", "Ngô Vĩnh An", house.finance));
    // Row 3 names the login that row 2 would have had next; row 6 the address that goes with the one after.
    let plan = plan(
        &house,
        "Họ và tên,Đơn vị,Tên đăng nhập,E-mail\nNguyễn Văn An,stc,,\nTrần Thị Hoa,stc,nvan2-stc,\n\
         Nguyễn Văn Ân,stc,,\nNgô Vinh Ấn,stc,,\nVũ Thị Lan,stc,,nvan4-stc@laocai.gov.vn\n",
    );
    assert_eq!(plan.faults, []);
    assert_eq!(
        made(&plan),
        [
            ("nvan3-stc", Some("nvan3-stc@laocai.gov.vn")),
            ("nvan2-stc", Some("nvan2-stc@laocai.gov.vn")),
            ("nvan5-stc", Some("nvan5-stc@laocai.gov.vn")),
            ("nvan6-stc", Some("nvan6-stc@laocai.gov.vn")),
            ("vtlan-stc", Some("nvan4-stc@laocai.gov.vn")),
        ]
    );
}

#[test]
fn a_plan_writes_nothing_and_reports_every_fault_with_reason_and_remedy() {
    let house = House::new();
    house.admin(|call| {
        unit(call, "vp-1", "Văn phòng", Some(house.planning));
        unit(call, "vp-2", "Văn phòng", Some(house.finance));
        Ok(())
    });
    let before = house.seq();
    let plan = plan(
        &house,
        "STT,Họ và tên,Đơn vị,Tên đăng nhập,Độ mật,E-mail,Ghi chú\n\
         1,Phạm Thị Tốt,stc,,,,Chuyên viên\n\
         2,,stc,,,,\n\
         3,Lê Văn Lạc,khong-co,,,,\n\
         4,Lê Văn Phòng,Văn phòng,,,,\n\
         5,Nguyễn Văn An,skhdt,,,,\n\
         6,Phạm Thị Tốt,Sở Tài chính,,,,\n\
         7,Hà Thị Mai,stc,QUANTRI,,,\n\
         8,Hà Thị Cúc,stc,hà cúc,,,\n\
         9,Hà Thị Đào,stc,,Tuyệt mật,,\n\
         10,Hà Thị Lan,stc,,,không phải,\n\
         11,Hà Thị Huệ,stc,hue,,hue@laocai.gov.vn,\n\
         12,Hà Thị Hồng,stc,hue,,hue@laocai.gov.vn,\n\
         13,李小龙,stc,,,,\n",
    );
    use FaultKind::*;
    assert_eq!(
        faults(&plan),
        [
            (3, Cell, ""),
            (4, Unit, "khong-co"),
            (5, Unit, "Văn phòng"),
            (6, Duplicate, "Nguyễn Văn An"),
            (7, Duplicate, "Phạm Thị Tốt"),
            (8, Login, "QUANTRI"),
            (9, Login, "hà cúc"),
            (10, Cell, "Tuyệt mật"),
            (11, Email, "không phải"),
            (13, Login, "hue"),
            (13, Email, "hue@laocai.gov.vn"),
            (14, Login, "李小龙"),
        ]
    );
    let told = |line: u32| plan.faults.iter().find(|fault| fault.problem.line == line).unwrap();
    assert!(told(5).problem.remedy.contains("vp-1, vp-2"));
    assert!(told(6).problem.message.contains("“an-skhdt”"), "{}", told(6).problem.message);
    assert!(told(7).problem.message.contains("dòng 2"), "{}", told(7).problem.message);
    assert!(plan.faults.iter().all(|it| !it.problem.message.is_empty() && !it.problem.remedy.is_empty()));
    assert_eq!((plan.rows, plan.counts.values().sum::<usize>()), (13, 12));
    assert_eq!(made(&plan), [("pttot-stc", None), ("hue", Some("hue@laocai.gov.vn"))]);
    assert_eq!(plan.unread_heads, ["STT", "Ghi chú"]);
    assert_eq!(house.seq(), before, "a plan writes nothing");
}

#[test]
fn an_import_with_a_fault_is_refused_recorded_and_makes_nobody() {
    let house = House::new();
    let people = count(&house);
    for (csv, rule) in [
        ("Họ và tên,Đơn vị\nLê Văn Một,stc\nLê Văn Hai,khong-co\n", "import-unknown-unit"),
        ("Họ và tên,Đơn vị\nLê Văn Một,stc\nLê văn Một,stc\n", "import-duplicate-person"),
        ("Họ và tên,Đơn vị\nLê Văn Một,stc\n,stc\n", "import-fault"),
    ] {
        assert_eq!(refused(house.as_person(house.admin, |call| import_accounts(call, &file(csv), ""))), rule);
        let last = house.last().entry;
        assert_eq!((last.action.as_str(), last.detail["rule"].as_str()), ("rule.refused", rule));
        assert!(!format!("{last:?}").contains("Lê"), "evidence names nobody: {last:?}");
    }
    assert_eq!(count(&house), people);
    assert_eq!(house.read(|call| find_account(call, "lvmot-stc").unwrap()), None);
}

#[test]
fn a_file_that_is_no_sheet_of_people_is_refused_with_what_to_do() {
    let house = House::new();
    let ask = |csv: &str| invalid(house.as_person(house.admin, |call| plan_import(call, &file(csv))));
    assert!(ask("Họ và tên\nLê Văn Một\n").contains("Đơn vị"));
    assert!(ask("Họ và tên,Đơn vị\n").contains("no rows"));
    ask("");
    ask("%PDF-1.7");
    let many = format!("Họ và tên,Đơn vị\n{}", "Lê Văn Một,stc\n".repeat(MOST_ROWS as usize + 1));
    assert!(ask(&many).contains("20"), "the bound is named");
}

#[test]
fn rows_that_name_no_unit_take_the_one_that_is_given_for_all() {
    let house = House::new();
    let csv = "Họ và tên\nLê Văn Một\n";
    let plan = house.admin(|call| plan_import(call, &ImportFile { unit: Some(house.finance), ..file(csv) }));
    assert_eq!(made(&plan), [("lvmot-stc", None)]);
}

#[test]
fn people_of_one_name_in_one_unit_are_imported_once_somebody_says_they_are_different() {
    let house = House::new();
    let csv = "Họ và tên,Đơn vị\nLê Văn Một,stc\nLê Văn Một,stc\n";
    let plan = house.admin(|call| plan_import(call, &ImportFile { same_names: true, ..file(csv) }));
    assert_eq!(made(&plan), [("lvmot-stc", None), ("lvmot2-stc", None)]);
    // In another unit, or with other diacritics, nobody has to say so.
    let csv = "Họ và tên,Đơn vị\nNguyễn Văn An,stc\nNguyễn Văn Ân,skhdt\n";
    assert_eq!(self::plan(&house, csv).faults, []);
    // However the tone of a name is placed, it is that name.
    let csv = "Họ và tên,Đơn vị\nTrần Thị Hoà,stc\nTRẦN THỊ HÒA,stc\nTrần Thị Hoa,stc\n";
    let faults = self::plan(&house, csv).faults;
    assert_eq!(
        faults.iter().map(|it| (it.kind, it.problem.line)).collect::<Vec<_>>(),
        [(FaultKind::Duplicate, 3)]
    );
    // Whoever comes back after the account was closed gets a new one.
    house.admin(|call| close(call, house.officer, "nghỉ hưu"));
    assert_eq!(self::plan(&house, "Họ và tên,Đơn vị\nNguyễn Văn An,skhdt\n").faults, []);
}

#[test]
fn nobody_imports_where_they_manage_no_accounts_or_beyond_their_label() {
    let house = House::new();
    denied(house.as_person(house.officer, |call| plan_import(call, &file(TWO))));
    house.admin(|call| give(call, house.officer, "dinh.account-administrator", house.planning));
    let plan = house
        .as_person(house.officer, |call| {
            plan_import(call, &file("Họ và tên,Đơn vị,Độ mật\nLê A,skhdt,\nLê B,stc,\nLê C,skhdt,Mật\n"))
        })
        .unwrap();
    assert_eq!(faults(&plan), [(3, FaultKind::Right, "stc"), (4, FaultKind::Right, "skhdt")]);
}

fn waiting(council: &Council) -> (RequestId, Vec<AccountId>, Vec<String>) {
    let csv = "Họ và tên,Đơn vị\nĐỗ Thị Ánh Đào,skhdt\nLê Văn Bình,stc\n";
    let imported = import(&council.house, csv);
    let ids = imported.accounts.iter().map(|it| it.id).collect();
    (imported.request.unwrap(), ids, imported.accounts.into_iter().map(|it| it.password).collect())
}

#[test]
fn an_import_is_one_request_that_another_person_approves_whole() {
    let council = Council::new();
    let house = &council.house;
    let (request, ids, passwords) = waiting(&council);
    let shown = house.as_person(council.director, |call| requested_accounts(call, request, None, 1)).unwrap();
    assert_eq!((shown.accounts[0].login.as_str(), shown.next), ("dtadao-skhdt", Some(ids[0])));
    let rest =
        house.as_person(council.director, |call| requested_accounts(call, request, shown.next, 9)).unwrap();
    assert_eq!((rest.accounts.len(), rest.next), (1, None));
    assert!(house.sign_in("dtadao-skhdt", &passwords[0]).is_err(), "nobody gets in before it is approved");
    // Not by whoever asked, nor by whoever may approve for one of the units only.
    house.admin(|call| give(call, house.admin, "dinh.director", house.province));
    assert_eq!(refused(council.approve(house.admin, request)), "second-person");
    denied(council.approve(council.planner, request));
    denied(house.as_person(council.planner, |call| requested_accounts(call, request, None, 9)));
    assert_eq!(house.as_person(council.planner, |call| inbox(call, None, 9)).unwrap().requests.len(), 0);
    assert_eq!(house.as_person(council.director, |call| inbox(call, None, 9)).unwrap().requests.len(), 1);
    council.approve(council.director, request).unwrap();
    for id in &ids {
        let account = house.read(|call| get_account(call, *id).unwrap());
        assert_eq!(account.state, AccountState::Active);
        let about = house.admin(|call| requests_about(call, *id, None, 9)).requests;
        assert_eq!(about.first().unwrap().id, request, "each account knows who agreed to it");
    }
    assert_eq!(house.actions().iter().filter(|action| *action == "account.created").count() - 4, 2);
    assert!(matches!(
        house.as_person(council.director, |call| approve(call, request)),
        Err(ServiceError::Refused(_))
    ));
}

#[test]
fn each_gets_a_password_of_their_own_that_must_be_changed_at_first_use() {
    let council = Council::new();
    let house = &council.house;
    let (request, _, passwords) = waiting(&council);
    council.approve(council.director, request).unwrap();
    assert_ne!(passwords[0], passwords[1]);
    assert!(house.sign_in("lvbinh-stc", &passwords[0]).is_err());
    let accepted =
        house.read(|call| temporary_password(call, &find_account(call, "dtadao-skhdt").unwrap().unwrap()));
    assert_eq!(accepted.unwrap().unwrap().days, 14);
    let signed_in = house.sign_in("dtadao-skhdt", &passwords[0]).unwrap();
    assert!(signed_in.session.account.must_change_password);
    let origin = house.origin(signed_in.session.account.id);
    let (old, new) = (Password::new(&passwords[0]), Password::new("thu đông nối tiếp"));
    change_password(&house.platform, &origin, None, &old, &new).unwrap();
    assert!(house.sign_in("dtadao-skhdt", &passwords[0]).is_err());
    assert!(
        !house.sign_in("dtadao-skhdt", "thu đông nối tiếp").unwrap().session.account.must_change_password
    );
}

/// A sheet is asked for without passwords, which are handed out to whoever asked.
#[test]
fn passwords_are_handed_out_to_whoever_asked_anew_while_the_request_waits_and_once_afterwards() {
    let council = Council::new();
    let house = &council.house;
    let csv = "Họ và tên,Đơn vị\nĐỗ Thị Ánh Đào,skhdt\nLê Văn Bình,stc\n";
    let columns = import_columns(false);
    let wanted = Wanted { columns: &columns, most_rows: MOST_ROWS, language: dinh_model::Language::Vi };
    let sheet = sheets::read("a.csv", csv.as_bytes(), wanted).unwrap();
    let ask = |reason: &str| {
        let people = ImportSheet { sheet: &sheet, unit: None, same_names: false };
        house.as_person(house.admin, |call| ask_for_accounts(call, &people, reason)).unwrap()
    };
    let request = ask("tuyển dụng đợt 2").request.unwrap();
    let hand_out = |who, request| house.as_person(who, |call| hand_out_passwords(call, request));
    denied(hand_out(council.director, request));
    house.admin(|call| give(call, council.director, "dinh.administrator", house.province));
    assert_eq!(refused(hand_out(council.director, request)), "import-passwords-for-the-asker");
    let first = hand_out(house.admin, request).unwrap();
    let again = hand_out(house.admin, request).unwrap();
    assert_eq!(
        again.iter().map(|it| it.account.login.as_str()).collect::<Vec<_>>(),
        ["dtadao-skhdt", "lvbinh-stc"]
    );
    council.approve(council.director, request).unwrap();
    assert_eq!(refused(hand_out(house.admin, request)), "import-passwords-once");
    assert!(house.sign_in("dtadao-skhdt", &first[0].password).is_err(), "the list before is void");
    assert!(house.sign_in("dtadao-skhdt", &again[0].password).unwrap().session.account.must_change_password);
    let handed = house.actions().iter().filter(|action| *action == "passwords.handed-out").count();
    assert_eq!(handed, 2, "and each time is in the evidence");
}

#[test]
fn accounts_approved_before_their_passwords_were_handed_out_get_them_once() {
    let council = Council::new();
    let house = &council.house;
    let columns = import_columns(false);
    let wanted = Wanted { columns: &columns, most_rows: MOST_ROWS, language: dinh_model::Language::Vi };
    let csv = "Họ và tên,Đơn vị\nHà Thị Mai,stc\nLê Văn Bình,stc\nVũ Thị Cúc,stc\n";
    let sheet = sheets::read("a.csv", csv.as_bytes(), wanted).unwrap();
    let people = ImportSheet { sheet: &sheet, unit: None, same_names: false };
    let asked = house.as_person(house.admin, |call| ask_for_accounts(call, &people, "x")).unwrap();
    let request = asked.request.unwrap();
    council.approve(council.director, request).unwrap();
    let (closed, approver) = (asked.accounts[1].0, asked.accounts[2].0);
    house.admin(|call| close(call, closed, "nhầm"));
    house.admin(|call| give(call, approver, "dinh.director", house.province));
    let handed = house.as_person(house.admin, |call| hand_out_passwords(call, request)).unwrap();
    let logins: Vec<_> = handed.iter().map(|it| it.account.login.as_str()).collect();
    assert_eq!(logins, ["htmai-stc"], "nobody else sets the password of whoever approves");
    assert!(house.sign_in("htmai-stc", &handed[0].password).is_ok());
    assert_eq!(
        refused(house.as_person(house.admin, |call| hand_out_passwords(call, request))),
        "import-passwords-once"
    );
}

#[test]
fn people_of_one_name_are_shown_when_they_are_said_to_be_different_people() {
    let house = House::new();
    let csv = "Họ và tên,Đơn vị\nLê Văn Bình,stc\nlê văn bình,stc\nLê Văn Bình,skhdt\n";
    let plan = house.admin(|call| plan_import(call, &ImportFile { same_names: true, ..file(csv) }));
    assert_eq!((plan.faults.len(), plan.accounts.len()), (0, 3));
    assert_eq!(
        plan.same_names.iter().map(|it| (it.problem.row, it.problem.line)).collect::<Vec<_>>(),
        [(1, 3)]
    );
    assert!(plan.same_names[0].problem.message.contains("dòng 2"), "{:?}", plan.same_names);
}

#[test]
fn an_import_that_is_refused_leaves_logins_and_addresses_free() {
    let council = Council::new();
    let house = &council.house;
    house.admin(|call| add_domain(call, house.province, "laocai.gov.vn"));
    let (request, ids, _) = waiting(&council);
    let taken = "Họ và tên,Đơn vị,Tên đăng nhập\nHà Thị Mai,stc,lvbinh-stc\n";
    assert_eq!(faults(&plan(house, taken)), [(2, FaultKind::Login, "lvbinh-stc")], "held while it waits");
    let twice = "Họ và tên,Đơn vị\nLê Văn Bình,stc\n";
    assert_eq!(faults(&plan(house, twice)), [(2, FaultKind::Duplicate, "Lê Văn Bình")]);
    house.as_person(council.director, |call| refuse(call, request, "sai danh sách")).unwrap();
    assert!(
        ids.iter()
            .all(|id| house.read(|call| get_account(call, *id).unwrap().state) == AccountState::Refused)
    );
    assert_eq!(made(&plan(house, taken)), [("lvbinh-stc", Some("lvbinh-stc@laocai.gov.vn"))]);
    assert_eq!(plan(house, twice).faults, []);
    // Nothing says any more who they would have been; their numbers, which evidence names, are nobody else's.
    for id in &ids {
        let left = house.read(|call| get_account(call, *id).unwrap());
        let number = format!("#{id}");
        assert_eq!((left.login, left.full_name, left.email), (number.clone(), number, None));
    }
    let (_, later, _) = waiting(&council);
    assert!(later.iter().min() > ids.iter().max());
}

#[test]
fn a_unit_does_not_end_while_an_import_into_it_waits_and_takes_none_afterwards() {
    let council = Council::new();
    let house = &council.house;
    let (request, _, _) = waiting(&council);
    let end = || {
        let day = "2026-06-01".parse().unwrap();
        house.as_person(house.admin, |call| end_unit(call, house.finance, day))
    };
    assert_eq!(refused(end()), "unit-not-empty");
    house.as_person(council.director, |call| refuse(call, request, "sáp nhập")).unwrap();
    end().unwrap();
    assert_eq!(faults(&plan(house, TWO)).last().unwrap().1, FaultKind::Unit, "also before that day");
}

#[test]
fn an_account_made_by_itself_has_the_address_of_its_login_unless_somebody_has_it() {
    let house = House::new();
    house.admin(|call| add_domain(call, house.province, "laocai.gov.vn"));
    house.admin(|call| {
        let id = account(call, "mai-stc", "Hà Thị Mai", house.finance)?;
        assert_eq!(get_account(call, id)?.email.as_deref(), Some("mai-stc@laocai.gov.vn"));
        Ok(())
    });
    import(&house, "Họ và tên,Đơn vị,E-mail\nLê Văn Một,stc,lan-stc@laocai.gov.vn\n");
    let made = house.admin(|call| create_account(call, new_account("lan-stc", "Vũ Thị Lan", house.finance)));
    assert_eq!(house.read(|call| get_account(call, made.id).unwrap().email), None);
}

#[test]
fn twenty_thousand_people_are_imported_in_one_change_without_a_collision() {
    let council = Council::new();
    let house = &council.house;
    house.admin(|call| add_domain(call, house.province, "laocai.gov.vn"));
    let (family, middle) = (["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng"], ["Văn", "Thị", "Đức", "Ngọc"]);
    let given = ["An", "Ân", "Bình", "Đào", "Dao", "Hoa", "Hòa", "Lan", "Mai", "Minh"];
    for unit in [house.finance, house.planning] {
        post(house, unit, "Chuyên viên", Some("pci-index.reader"));
    }
    let mut csv = String::from("Họ và tên,Đơn vị,Chức vụ\n");
    for row in 0..20_000 {
        let unit = if row % 2 == 0 { "stc" } else { "skhdt" };
        csv += &format!(
            "{} {} {},{unit},chuyên viên\n",
            family[row / 2 % 5],
            middle[row / 10 % 4],
            given[row / 40 % 10]
        );
    }
    let file = ImportFile { same_names: true, ..file(&csv) };
    let before = house.seq();
    let imported = house.admin(|call| import_accounts(call, &file, "QĐ 7"));
    assert_eq!(house.seq(), before + 1, "one change");
    let logins: HashSet<_> = imported.accounts.iter().map(|it| &it.planned.login).collect();
    let emails: HashSet<_> = imported.accounts.iter().map(|it| it.planned.email.as_ref().unwrap()).collect();
    let passwords: HashSet<_> = imported.accounts.iter().map(|it| &it.password).collect();
    assert_eq!((logins.len(), emails.len(), passwords.len()), (20_000, 20_000, 20_000));
    let people = count(house);
    council.approve(council.director, imported.request.unwrap()).unwrap();
    assert_eq!(house.seq(), before + 2, "one change");
    assert_eq!(count(house), people + 20_000);
    let last = imported.accounts.last().unwrap();
    assert!(house.sign_in(&last.planned.login, &last.password).is_ok());
    assert!(house.may(last.id, &read_scores(), house.planning), "with what the position brings");
}

/// A position in a unit, with a grant of a role for that unit.
fn post(house: &House, unit: UnitId, title: &str, role: Option<&str>) -> PositionId {
    house.admin(|call| {
        let title = Localized::new(title, title);
        let position = create_position(call, NewPosition { unit, title })?;
        if let Some(role) = role {
            let to = Grantee::Position(position);
            give_this(call, NewGrant { to, ..new_grant(AccountId(0), role, unit) })?;
        }
        Ok(position)
    })
}

#[test]
fn a_position_is_one_of_the_rows_unit_by_title_or_by_number() {
    let house = House::new();
    let expert = post(&house, house.finance, "Chuyên viên", None);
    let twice = [0, 1].map(|_| post(&house, house.finance, "Phó phòng", None));
    let other = post(&house, house.planning, "Trưởng phòng", None);
    let csv = format!(
        "Họ và tên,Đơn vị,Chức vụ\nLê A,stc,CHUYEN VIEN\nLê B,stc,{}\nLê C,stc,\nLê D,stc,Trưởng phòng\n\
         Lê E,stc,phó phòng\nLê G,stc,{other}\nLê H,skhdt,trưởng phòng\n",
        twice[1]
    );
    let plan = plan(&house, &csv);
    let posts: Vec<_> = plan.accounts.iter().map(|it| it.position.as_ref().map(|it| it.id)).collect();
    assert_eq!(posts, [Some(expert), Some(twice[1]), None, Some(other)]);
    let other = other.to_string();
    assert_eq!(
        faults(&plan),
        [
            (5, FaultKind::Position, "Trưởng phòng"),
            (6, FaultKind::Position, "phó phòng"),
            (7, FaultKind::Position, other.as_str())
        ]
    );
    let remedy = &plan.faults[1].problem.remedy;
    assert!(remedy.contains(&format!("{}, {}", twice[0], twice[1])), "{remedy}");
    let refusal = house.as_person(house.admin, |call| import_accounts(call, &file(&csv), "QĐ 7"));
    assert_eq!(refused(refusal), "import-fault");
}

#[test]
fn nobody_imports_people_into_a_position_whose_grants_they_could_not_give() {
    let house = House::new();
    post(&house, house.planning, "Trưởng phòng", Some("dinh.auditor"));
    house.admin(|call| give(call, house.officer, "dinh.account-administrator", house.planning));
    let csv = "Họ và tên,Đơn vị,Chức vụ\nLê A,skhdt,\nLê B,skhdt,Trưởng phòng\n";
    let ask = || house.as_person(house.officer, |call| plan_import(call, &file(csv))).unwrap();
    assert_eq!(faults(&ask()), [(3, FaultKind::Right, "Trưởng phòng")]);
    // Giving grants is not enough: the position's own have to be theirs to give.
    house.admin(|call| give(call, house.officer, "dinh.grant-administrator", house.planning));
    assert_eq!(faults(&ask()), [(3, FaultKind::Right, "Trưởng phòng")]);
    house.admin(|call| give(call, house.officer, "dinh.auditor", house.planning));
    assert_eq!(faults(&ask()), []);
}

#[test]
fn an_import_into_positions_needs_a_reason_and_an_approver_of_what_they_bring_who_sees_it_first() {
    let council = Council::new();
    let house = &council.house;
    let position = post(house, house.planning, "Chuyên viên", Some("pci-index.reader"));
    let csv = "Họ và tên,Đơn vị,Chức vụ\nĐỗ Thị Ánh Đào,skhdt,Chuyên viên\nLê Văn Bình,skhdt,\n";
    let ask = |why: &str| house.as_person(house.admin, |call| import_accounts(call, &file(csv), why));
    assert!(invalid(ask("").map(|it| it.request)).contains("needs a reason"));
    let imported = ask("Quyết định 7").unwrap();
    let (request, ids) = (imported.request.unwrap(), [imported.accounts[0].id, imported.accounts[1].id]);
    let last = house.last().entry;
    assert_eq!((last.detail["accounts"].as_str(), last.detail["positions-held"].as_str()), ("2", "1"));
    assert_eq!(house.read(|call| held_by(call, ids[0]).unwrap()), [], "until it is approved");

    // Whoever approves accounts only does not decide it.
    let registrar = house.admin(|call| {
        let registrar = account(call, "van-thu", "Bùi Văn Thư", house.planning)?;
        let role: RoleId = "tinh.registrar".parse().unwrap();
        define_role(
            call,
            &role,
            &Localized::new("Duyệt", "Registrar"),
            std::slice::from_ref(&ACCOUNT_APPROVE),
        )?;
        give(call, registrar, "tinh.registrar", house.planning)?;
        Ok(registrar)
    });
    denied(council.approve(registrar, request));
    assert_eq!(house.as_person(registrar, |call| inbox(call, None, 9)).unwrap().requests.len(), 0);
    assert!(effect_of(&house.platform, &house.origin(registrar), request).is_err());

    let effect = effect_of(&house.platform, &house.origin(council.planner), request).unwrap();
    assert!(effect.gaining().contains(&ids[0]), "{effect:?}");
    let gains = effect.changes.iter().find(|it| it.actor.account() == Some(ids[0])).unwrap();
    assert_eq!(gains.gains, [read_scores()]);
    let asked = house.as_person(council.planner, |call| get_request(call, request)).unwrap();
    let Asked::Accounts { positions, .. } = &asked.asked else { panic!("{asked:?}") };
    assert_eq!((positions[0].position, positions[0].holders.as_slice()), (position, &ids[..1]));
    assert_eq!(positions[0].grants.len(), 1);
    assert_eq!(asked.reason, "Quyết định 7");

    council.approve(council.planner, request).unwrap();
    assert_eq!(house.read(|call| held_by(call, ids[0]).unwrap())[0].position, position);
    assert!(house.may(ids[0], &read_scores(), house.planning));
    assert!(!house.may(ids[1], &read_scores(), house.planning));
    let entries = house.evidence();
    let held = entries.iter().rfind(|it| it.entry.action == "position.held").unwrap();
    assert_eq!(held.entry.detail["request"], request.to_string());
}

#[test]
fn an_import_falls_when_a_position_of_it_has_other_grants_by_then() {
    let council = Council::new();
    let house = &council.house;
    let position = post(house, house.planning, "Chuyên viên", None);
    let csv = "Họ và tên,Đơn vị,Chức vụ\nĐỗ Thị Ánh Đào,skhdt,Chuyên viên\n";
    let imported = house.admin(|call| import_accounts(call, &file(csv), "Quyết định 7"));
    house.admin(|call| {
        let to = Grantee::Position(position);
        give_this(call, NewGrant { to, ..new_grant(AccountId(0), "dinh.auditor", house.planning) })
    });
    assert_eq!(refused(council.approve(council.director, imported.request.unwrap())), "position-changed");
    let id = imported.accounts[0].id;
    assert_eq!(house.read(|call| get_account(call, id).unwrap().state), AccountState::Requested);
    assert_eq!(house.read(|call| held_by(call, id).unwrap()), []);
}
