//! A manifest whose collections do not fit together is not admitted.

use dinh_model::{Collection, FieldType, IndexKind};

use super::house::{collection, data, departments, field, index, papers};

fn refused(collection: Collection) -> String {
    data(1, dinh_model::UnitId(1), vec![collection]).check().unwrap_err()
}

#[test]
fn what_does_not_fit_is_named() {
    assert_eq!(data(1, dinh_model::UnitId(1), vec![papers(), departments()]).check(), Ok(()));
    let plain = || collection("a", vec![field("t", FieldType::Text), field("l", FieldType::Texts)]);
    for (broken, why) in [
        (Collection { unit_field: Some(0), ..plain() }, "the unit field of a has to be a field of type unit"),
        (
            Collection { owner_field: Some(9), ..plain() },
            "the owner field of a has to be a field of type account",
        ),
        (
            Collection { label_field: Some(1), ..plain() },
            "the label field of a has to be a field of type text",
        ),
        (
            Collection { withheld_field: Some(0), ..plain() },
            "the withheld-from field of a has to be a field of type account, or refer to a collection whose",
        ),
        (
            // Whom a part of a part is withheld from would be a chain without an end.
            Collection {
                withheld_field: Some(0),
                ..collection("a", vec![field("r", FieldType::Reference { collection: "a".into() })])
            },
            "the withheld-from field of a has to be a field of type account, or refer to a collection whose",
        ),
        (papers(), "papers.department refers to \"departments\", which is no collection"),
        (Collection { indexes: vec![index(IndexKind::Ordered, &[])], ..plain() }, "1 to 8 different fields"),
        (
            Collection { indexes: vec![index(IndexKind::Unique, &[0, 0])], ..plain() },
            "1 to 8 different fields",
        ),
        (
            Collection { indexes: vec![index(IndexKind::Search, &[0, 1])], ..plain() },
            "1 to 1 different fields",
        ),
        (
            Collection { indexes: vec![index(IndexKind::Search, &[1])], ..plain() },
            "needs a field of type text",
        ),
        (
            Collection { indexes: vec![index(IndexKind::Ordered, &[1])], ..plain() },
            "cannot hold a field of type texts",
        ),
        (
            Collection { indexes: vec![index(IndexKind::Ordered, &[7])], ..plain() },
            "names a field that is not there",
        ),
    ] {
        let told = refused(broken);
        assert!(told.contains(why), "{told} / {why}");
    }
}
