//! Importing people in bulk: a full report first, all or nothing, one approval, a password each.

use std::collections::HashSet;

use dinh_model::{AccountId, Label, RequestId};
use dinh_services::ServiceError;
use dinh_services::accounts::{
    AccountState, FaultKind, ImportFile, ImportPlan, Imported, MOST_ROWS, add_domain, approve,
    change_password, close, create_account, find_account, get_account, import_accounts, inbox, list_people,
    plan_import, refuse, requested_accounts, requests_about,
};
use dinh_services::accounts::{Password, PeopleFilter};

use crate::council::Council;
use crate::house::{House, account, denied, give, invalid, new_account, refused, unit};

fn file(csv: &str) -> ImportFile<'_> {
    ImportFile { name: "can-bo.csv", bytes: csv.as_bytes(), unit: None, same_names: false }
}

fn plan(house: &House, csv: &str) -> ImportPlan {
    house.admin(|call| plan_import(call, &file(csv)))
}

fn import(house: &House, csv: &str) -> Imported {
    house.admin(|call| import_accounts(call, &file(csv)))
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
        "STT,Họ và tên,Đơn vị,Tên đăng nhập,Độ mật,E-mail,Chức vụ\n\
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
    assert_eq!(plan.unread_heads, ["STT", "Chức vụ"]);
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
        assert_eq!(refused(house.as_person(house.admin, |call| import_accounts(call, &file(csv)))), rule);
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
    assert_eq!(house.as_person(council.planner, |call| inbox(call, None, 9)).unwrap().tasks.len(), 0);
    assert_eq!(house.as_person(council.director, |call| inbox(call, None, 9)).unwrap().tasks.len(), 1);
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
        Err(ServiceError::Invalid(_))
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
fn an_import_falls_when_a_unit_ended_before_it_was_approved() {
    let council = Council::new();
    let house = &council.house;
    let (request, ids, _) = waiting(&council);
    let today = "2026-03-02".parse().unwrap();
    house.admin(|call| dinh_services::accounts::end_unit(call, house.finance, today));
    assert!(invalid(council.approve(council.director, request)).contains("stc"));
    assert!(
        ids.iter()
            .all(|id| house.read(|call| get_account(call, *id).unwrap().state) == AccountState::Requested)
    );
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
    let mut csv = String::from("Họ và tên,Đơn vị\n");
    for row in 0..20_000 {
        let unit = if row % 2 == 0 { "stc" } else { "skhdt" };
        csv += &format!("{} {} {},{unit}\n", family[row / 2 % 5], middle[row / 10 % 4], given[row / 40 % 10]);
    }
    let file = ImportFile { same_names: true, ..file(&csv) };
    let before = house.seq();
    let imported = house.admin(|call| import_accounts(call, &file));
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
}
