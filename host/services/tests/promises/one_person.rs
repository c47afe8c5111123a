//! What one person tries in order to be two, or to get what a second person did not agree to.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Localized, Permission, PositionId, RoleId};
use dinh_services::accounts::{
    AccountChange, IdentityCheck, ImportFile, NewPosition, create_position, deciders, declare_permission,
    define_role, end_session, end_sessions, find_account, find_role, get_account, hold, import_accounts,
    release_password, revoke_token, transfer, update_account, withdraw,
};
use dinh_services::{Call, ServiceError};

use crate::council::{Council, read_scores};
use crate::house::{GOOD, House, account, at_once, denied, give, give_this, new_grant, refused, ruled};
use crate::leaving::token_of;

fn reader() -> RoleId {
    "pci-index.reader".parse().unwrap()
}

/// The plugin's role with a permission more than it has.
fn widen(call: &mut Call) -> Result<(), ServiceError> {
    let write: Permission = "pci-index.score.write".parse().unwrap();
    let title = Localized::new("Người xem", "Reader");
    declare_permission(call, &write, &Localized::new("Sửa điểm", "Change scores"))?;
    define_role(call, &reader(), &title, &[read_scores(), write])
}

#[test]
fn nobody_widens_a_role_of_a_plugin_while_somebody_has_it() {
    let council = Council::new();
    let house = &council.house;
    let grant = house.admin(|call| give(call, house.officer, "pci-index.reader", house.planning));
    let Err(ServiceError::Refused(refusal)) = house.as_person(house.admin, widen) else { panic!() };
    assert_eq!(refusal.rule, "role-is-granted");
    assert!(refusal.text.en.contains("granted to “an-skhdt”"), "{}", refusal.text.en);
    assert!(
        refusal.text.vi.contains("“an-skhdt”") && refusal.text.vi.contains("thu hồi"),
        "{}",
        refusal.text.vi
    );
    let held = house.read(|call| find_role(call, &reader()).unwrap().unwrap().permissions);
    assert_eq!(held, [read_scores()]);
    assert_eq!(house.last().entry.detail["rule"], "role-is-granted");
    // Less is always possible, and more when nobody has it.
    house.admin(|call| {
        define_role(call, &reader(), &Localized::new("Không", "Nothing"), &[])?;
        define_role(
            call,
            &"pci-index.other".parse().unwrap(),
            &Localized::new("Khác", "Other"),
            &[read_scores()],
        )
    });
    house.admin(|call| withdraw(call, grant, "rà soát"));
    house.as_person(house.admin, widen).unwrap();
}

#[test]
fn whoever_holds_a_granted_role_by_a_position_is_named_and_the_many_are_counted() {
    let council = Council::new();
    let house = &council.house;
    house.admin(|call| {
        let title = Localized::new("Chánh Văn phòng", "Chief of office");
        let position = create_position(call, NewPosition { unit: house.planning, title })?;
        let mut grant = new_grant(house.officer, "pci-index.reader", house.planning);
        grant.to = Grantee::Position(position);
        give_this(call, grant)?;
        for number in 1..=6 {
            let person = account(call, &format!("nguoi{number}"), "Một Người", house.planning)?;
            give(call, person, "pci-index.reader", house.planning)?;
        }
        Ok(())
    });
    let text = ruled(house.as_person(house.admin, widen));
    assert!(text.contains("“Chánh Văn phòng”") && text.contains("+2 other grants"), "{text}");
}

/// A position in planning whose holders approve.
fn approving_position(house: &House) -> PositionId {
    house.admin(|call| {
        let title = Localized::new("Thủ trưởng", "Director");
        let position = create_position(call, NewPosition { unit: house.planning, title })?;
        let mut grant = new_grant(house.officer, "dinh.director", house.planning);
        grant.to = Grantee::Position(position);
        give_this(call, grant)?;
        Ok(position)
    })
}

#[test]
fn nobody_is_imported_into_a_position_that_approves() {
    let council = Council::new();
    let house = &council.house;
    // Both people may all of it, so that nothing but the rule stands in the way.
    house.admin(|call| {
        give(call, council.director, "dinh.administrator", house.province)?;
        give(call, house.admin, "dinh.director", house.province)
    });
    approving_position(house);
    let import = |csv: &str| {
        let file = ImportFile { name: "ma.csv", bytes: csv.as_bytes(), unit: None, same_names: false };
        house.as_person(house.admin, |call| import_accounts(call, &file, "tuyển dụng"))
    };
    let csv = "Họ và tên,Đơn vị,Chức vụ\nNguyễn Văn Ma,skhdt,Thủ trưởng\n";
    assert_eq!(refused(import(csv)), "own-password-first");
    assert!(house.read(|call| find_account(call, "nvma-skhdt").unwrap()).is_none(), "nothing is left of it");
    // A right to approve that came to the position after the import was asked for is met at the approval.
    let plain = house.admin(|call| {
        let title = Localized::new("Phó phòng", "Deputy");
        create_position(call, NewPosition { unit: house.planning, title })
    });
    let request =
        import("Họ và tên,Đơn vị,Chức vụ\nNguyễn Văn Ma,skhdt,Phó phòng\n").unwrap().request.unwrap();
    house.admin(|call| {
        let mut grant = new_grant(house.officer, "dinh.director", house.planning);
        grant.to = Grantee::Position(plain);
        give_this(call, grant)
    });
    let late = refused(council.approve(council.director, request));
    assert!(["own-password-first", "position-changed"].contains(&late), "{late}");
}

/// An account administrator of planning and one of the province's office, each without more.
fn two_managers(house: &House) -> (AccountId, AccountId) {
    house.admin(|call| {
        let old = account(call, "tk-skhdt", "Tài Khoản Cũ", house.planning)?;
        let new = account(call, "tk-stc", "Tài Khoản Mới", house.finance)?;
        give(call, old, "dinh.account-administrator", house.planning)?;
        give(call, new, "dinh.account-administrator", house.finance)?;
        Ok((old, new))
    })
}

#[test]
fn whoever_could_be_let_in_by_the_asker_approves_no_transfer() {
    let council = Council::new();
    let house = &council.house;
    let (_, new) = two_managers(house);
    let made = house.admin(|call| transfer(call, house.officer, house.finance, "điều động"));
    // The asker releases the password of whoever manages accounts there, who could be both people.
    house.admin(|call| release_password(call, new, IdentityCheck::KnownInPerson).map(drop));
    denied(council.approve(new, made.request.unwrap()));
    let deciders = house.admin(|call| deciders(call, made.request.unwrap()));
    assert_eq!(deciders, [council.director]);
    let released = house.as_person(house.admin, |call| {
        release_password(call, council.director, IdentityCheck::KnownInPerson).map(drop)
    });
    assert!(["approver-keeps-password", "outranked"].contains(&refused(released)));
    council.approve(council.director, made.request.unwrap()).unwrap();
}

#[test]
fn a_transfer_ends_no_right_of_the_platform_that_whoever_asks_could_not_close() {
    let council = Council::new();
    let house = &council.house;
    let (old, _) = two_managers(house);
    // The director of planning has their account there; so does somebody who has it by a position.
    let position = approving_position(house);
    let held = house.admin(|call| {
        let held = account(call, "chucvu", "Người Giữ", house.planning)?;
        at_once(call, |call| hold(call, held, position, Term::ALWAYS, ""))?;
        Ok(held)
    });
    for target in [council.planner, held] {
        let asked = house.as_person(old, |call| transfer(call, target, house.finance, "điều động"));
        assert_eq!(refused(asked), "outranked");
        let entry = house.last().entry;
        assert_eq!(
            (entry.subject, entry.detail["rule"].as_str()),
            (format!("account:{target}"), "outranked")
        );
    }
    // Whoever has as much asks, and loses the right to before it is approved.
    let grant = house.admin(|call| give(call, old, "dinh.director", house.planning));
    let made =
        house.as_person(old, |call| transfer(call, council.planner, house.finance, "điều động")).unwrap();
    house.admin(|call| withdraw(call, grant, "rà soát"));
    assert_eq!(refused(council.approve(council.director, made.request.unwrap())), "asker-may-no-longer");
    // What administers nothing goes as before.
    house.admin(|call| give(call, house.officer, "pci-index.reader", house.planning));
    house.as_person(old, |call| transfer(call, house.officer, house.finance, "điều động")).unwrap();
}

#[test]
fn a_lesser_administrator_neither_renames_a_greater_one_nor_ends_their_sessions_or_tokens() {
    let council = Council::new();
    let house = &council.house;
    let (local, _) = two_managers(house);
    let high = house.admin(|call| {
        let high = account(call, "cao-skhdt", "Quản Trị Tỉnh", house.planning)?;
        give(call, high, "dinh.administrator", house.province)?;
        Ok(high)
    });
    let session = house.sign_in("cao-skhdt", GOOD).unwrap();
    let token = token_of(house, high);
    let rename = |who, target| {
        let full_name = Some("Vũ Quốc Khánh".to_owned());
        let change = AccountChange { full_name, ..AccountChange::default() };
        house.as_person(who, |call| update_account(call, target, change.clone()))
    };
    assert_eq!(refused(rename(local, high)), "outranked");
    assert_eq!(refused(house.as_person(local, |call| end_sessions(call, high, None))), "outranked");
    let one = house.as_person(local, |call| end_session(call, high, session.session.id));
    assert_eq!(refused(one), "outranked");
    assert_eq!(refused(house.as_person(local, |call| revoke_token(call, high, token.id))), "outranked");
    assert_eq!(house.read(|call| get_account(call, high).unwrap().full_name), "Quản Trị Tỉnh");
    house.platform.session(&session.token).unwrap();
    house.platform.session(&token.token).unwrap();
    // Their own, those who administer nothing, and from above.
    rename(local, house.officer).unwrap();
    rename(local, local).unwrap();
    house.as_person(local, |call| end_sessions(call, house.officer, None)).unwrap();
    house.as_person(high, |call| end_session(call, high, session.session.id)).unwrap();
    rename(house.admin, high).unwrap();
}
