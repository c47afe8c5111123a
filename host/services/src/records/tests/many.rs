//! Many records at once.

use dinh_model::Value;

use super::super::{Column, ColumnValues, RecordError, count, insert_many, query};
use super::house::{House, decimal, select, text, text_column};

fn integers(numbers: &[i64], validity: Option<Vec<u8>>) -> Column {
    Column { values: ColumnValues::Integers(numbers.to_vec()), validity }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).into()).collect()
}

#[test]
fn columns_come_back_as_they_went_in() {
    let house = House::new();
    let data = house.data();
    let amounts = Column {
        values: ColumnValues::Decimals { scale: 1, unscaled: vec![15, 0, 25] },
        validity: Some(vec![0b101]),
    };
    let fields = names(&["title", "number", "amount"]);
    let columns = [text_column(&["một", "hai", "ba"]), integers(&[3, 2, 1], None), amounts];
    let ids = house.clerk(|call| insert_many(call, &data, "papers", &fields, &columns));
    let mut call = house.call(house.clerk);
    let selection = select(&["title", "number", "amount"], &[], &[]);
    let page = query(&mut call, &data, &selection, None, 10).unwrap();
    assert_eq!(page.ids, ids, "in order of creation");
    assert_eq!(page.columns[0], columns[0]);
    assert_eq!(page.columns[1], columns[1]);
    assert_eq!(
        page.columns[2].values,
        ColumnValues::Decimals { scale: 2, unscaled: vec![150, 0, 250] },
        "at the scale of the field"
    );
    assert_eq!(page.columns[2].validity, Some(vec![0b101]));
    assert_eq!(page.columns[2].value(0), Ok(decimal("1.50")));
    assert_eq!((page.columns[2].value(1), page.next), (Ok(Value::Empty), None));
}

#[test]
fn one_bad_record_refuses_all_and_is_named_by_its_number() {
    let house = House::new();
    let data = house.data();
    let mut call = house.call(house.clerk);
    let fields = names(&["title", "province"]);
    let columns = [text_column(&["a", "", "c"]), text_column(&["38", "22", "999"])];
    let refused = insert_many(&mut call, &data, "papers", &fields, &columns).unwrap_err();
    let RecordError::Invalid(problems) = refused else { panic!("{refused:?}") };
    let told: Vec<_> = problems.iter().map(|p| format!("{}: {}", p.field, p.message)).collect();
    assert_eq!(
        told,
        [
            "title: Bản ghi thứ 2: Bắt buộc phải điền.",
            "province: Bản ghi thứ 3: Mã “999” không có trong danh mục provinces. Hãy chọn mã trong danh mục.",
        ]
    );
    let doubles = [text_column(&["a", "b"]), integers(&[5, 5], None)];
    let refused = insert_many(&mut call, &data, "papers", &names(&["title", "number"]), &doubles);
    assert!(matches!(refused, Err(RecordError::Duplicate(fields)) if fields == ["number"]));
    assert!(!call.transaction.writes(), "nothing of it is left behind");
    assert_eq!(count(&mut call, &data, &select(&[], &[], &[])).unwrap(), 0);
}

#[test]
fn columns_that_contradict_themselves_are_refused_without_harm() {
    let house = House::new();
    let data = house.data();
    let mut call = house.call(house.clerk);
    let broken = |data: &[u8], ends: &[u32]| Column {
        values: ColumnValues::Texts(super::super::TextColumn { data: data.to_vec(), ends: ends.to_vec() }),
        validity: None,
    };
    for column in [broken(b"ab", &[2, 1]), broken(b"ab", &[7]), broken(b"\xff", &[1])] {
        let refused = insert_many(&mut call, &data, "papers", &names(&["title"]), &[column]);
        assert!(matches!(refused, Err(RecordError::Invalid(_))));
    }
    let lists = Column {
        values: ColumnValues::TextLists { texts: Default::default(), ends: vec![3] },
        validity: None,
    };
    let columns = [text_column(&["a"]), lists];
    assert!(insert_many(&mut call, &data, "papers", &names(&["title", "tags"]), &columns).is_err());
    for (fields, columns) in [
        (names(&["title"]), vec![]),
        (names(&["title", "title"]), vec![text_column(&["a"]), text_column(&["a"])]),
        (names(&["title", "number"]), vec![text_column(&["a"]), integers(&[1, 2], None)]),
        (names(&["number"]), vec![integers(&[0; 1_001], None)]),
    ] {
        let refused = insert_many(&mut call, &data, "papers", &fields, &columns);
        assert!(matches!(refused, Err(RecordError::BadRequest(_))), "{fields:?}");
    }
    let short = Column { values: ColumnValues::Integers(vec![1, 2]), validity: Some(vec![]) };
    let columns = [text_column(&["a", "b"]), short];
    let ids = insert_many(&mut call, &data, "papers", &names(&["title", "number"]), &columns).unwrap();
    assert_eq!(ids.len(), 2, "a short bitmap means empty");
    assert_eq!(text_column(&["x"]).value(0), Ok(text("x")));
}
