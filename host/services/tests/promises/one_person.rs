//! What one person tries in order to be two, or to get what a second person did not agree to.

use dinh_access::Grantee;
use dinh_model::{Localized, Permission, PositionId, RoleId};
use dinh_services::accounts::{
    ImportFile, NewPosition, create_position, declare_permission, define_role, find_account, find_role,
    import_accounts, withdraw,
};
use dinh_services::{Call, ServiceError};

use crate::council::{Council, read_scores};
use crate::house::{House, account, give, give_this, new_grant, refused, ruled};

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
