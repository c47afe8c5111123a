//! References lead to records that exist.

use dinh_model::Value;

use super::super::{RecordError, delete, insert, update};
use super::house::{House, paper, text, values};
use crate::ServiceError;

#[test]
fn a_record_that_others_refer_to_stays_until_they_let_go() {
    let house = House::new();
    let data = house.data();
    let department =
        house.clerk(|call| insert(call, &data, "departments", values(&[("name", text("Phòng 1"))])));
    let refer = [("title", text("x")), ("department", Value::Reference(department))];
    let id = house.clerk(|call| paper(call, &data, &refer));
    let mut call = house.call(house.clerk);
    let refused = delete(&mut call, &data, "departments", department, None).unwrap_err();
    let RecordError::Invalid(problems) = refused else { panic!("{refused:?}") };
    assert_eq!(problems[0].field, "papers");
    assert_eq!(
        problems[0].message,
        "Còn bản ghi trong “Sổ văn bản” đang dùng bản ghi này. Hãy sửa hoặc xoá chúng trước."
    );
    update(&mut call, &data, "papers", id, None, values(&[("department", Value::Empty)])).unwrap();
    delete(&mut call, &data, "departments", department, None).unwrap();
    house.commit(call).unwrap();
}

#[test]
fn referring_and_removing_at_once_conflict_whichever_comes_first() {
    let house = House::new();
    let data = house.data();
    for refer_first in [true, false] {
        let department =
            house.clerk(|call| insert(call, &data, "departments", values(&[("name", text("Phòng"))])));
        let (mut refers, mut removes) = (house.call(house.clerk), house.call(house.clerk));
        paper(&mut refers, &data, &[("title", text("x")), ("department", Value::Reference(department))])
            .unwrap();
        delete(&mut removes, &data, "departments", department, None).unwrap();
        let (first, second) = if refer_first { (refers, removes) } else { (removes, refers) };
        house.commit(first).unwrap();
        assert!(matches!(house.commit(second), Err(ServiceError::Conflict)), "refer first: {refer_first}");
    }
}

#[test]
fn a_record_that_may_not_be_seen_cannot_be_referred_to() {
    let house = House::new();
    let data = house.data();
    // Departments belong to the province; the owner sees only what they own.
    let department =
        house.clerk(|call| insert(call, &data, "departments", values(&[("name", text("Phòng 1"))])));
    let mut call = house.call(house.owner);
    let refer = [
        ("title", text("x")),
        ("owner", Value::Account(house.owner)),
        ("department", Value::Reference(department)),
    ];
    let refused = paper(&mut call, &data, &refer).unwrap_err();
    let RecordError::Invalid(problems) = refused else { panic!("{refused:?}") };
    assert!(problems[0].message.contains("không tồn tại hoặc bạn không được xem"));
}
