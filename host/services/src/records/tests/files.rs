//! Files that records hold: who may bring, attach and see them, what lies in the store, and what goes when.

use std::slice::from_ref;
use std::sync::Arc;

use dinh_access::{Grantee, Term};
use dinh_model::key::after_prefix;
use dinh_model::{
    AccountId, Actor, AttachmentRule, Collection, Field, FieldType, FileId, Label, Language, Localized,
    MediaType, RecordId, Value,
};
use dinh_store::Direction;
use sha2::{Digest, Sha256};

use super::super::{Column, ColumnValues, PluginData, RecordError, insert, insert_many, update};
use super::house::{House, collection, data, field, text, values};
use crate::accounts::{self, NewGrant};
use crate::files::{self, FileInfo, PIECE};
use crate::{ServiceError, space};

/// A register whose papers hold files: any, one that is Mật, a small image.
fn register() -> Collection {
    let image = AttachmentRule { most_bytes: Some(100), media: vec![MediaType::Png, MediaType::Jpeg] };
    let fields = vec![
        field("title", FieldType::Text),
        field("scan", FieldType::Attachment(AttachmentRule::default())),
        Field {
            label: Label::Confidential,
            ..field("secret", FieldType::Attachment(AttachmentRule::default()))
        },
        field("image", FieldType::Attachment(image)),
        field("unit", FieldType::Unit),
        field("label", FieldType::Text),
    ];
    Collection { unit_field: Some(4), label_field: Some(5), ..collection("papers", fields) }
}

pub(super) fn plugin(house: &House) -> Arc<PluginData> {
    let plugin = data(5, house.province, vec![register()]);
    plugin.check().unwrap();
    Arc::new(plugin)
}

/// A PDF of so many bytes, in which no two pieces are alike.
pub(super) fn pdf(bytes: usize) -> Vec<u8> {
    let lines = (0..).flat_map(|line: u32| format!("dong thu {line} cua ban quet\n").into_bytes());
    b"%PDF-1.7\n".iter().copied().chain(lines).take(bytes).collect()
}

pub(super) fn bring(
    house: &House,
    plugin: &Arc<PluginData>,
    who: AccountId,
    name: &str,
    content: &[u8],
) -> Result<FileInfo, ServiceError> {
    let mut file = house.platform.bring_file(&house.origin(who), plugin, name)?;
    for some in content.chunks(10_000) {
        house.platform.bring_bytes(&mut file, some)?;
    }
    house.platform.finish_file(file)
}

pub(super) fn brought(house: &House, plugin: &Arc<PluginData>, content: &[u8]) -> FileId {
    bring(house, plugin, house.clerk, "Tờ trình.pdf", content).unwrap().id
}

pub(super) fn with_file(name: &str, id: FileId) -> (&str, Value) {
    (name, Value::Attachment(id))
}

/// What somebody downloads.
pub(super) fn download(
    house: &House,
    plugin: &PluginData,
    who: AccountId,
    id: FileId,
) -> Result<(FileInfo, Vec<u8>), ServiceError> {
    let (info, reader) = house.platform.perform(&house.origin(who), |call| files::open(call, plugin, id))?;
    let mut bytes = Vec::new();
    for piece in 0..reader.pieces() {
        bytes.extend(reader.piece(&house.platform, piece)?);
    }
    Ok((info, bytes))
}

pub(super) fn is_gone<T: std::fmt::Debug>(found: Result<T, ServiceError>) -> bool {
    matches!(found, Err(ServiceError::NotFound { .. }))
}

pub(super) fn problem<T: std::fmt::Debug>(refused: Result<T, RecordError>) -> String {
    let Err(RecordError::Invalid(problems)) = refused else { panic!("{refused:?}") };
    problems.iter().map(|it| format!("{}: {}", it.field, it.message)).collect::<Vec<_>>().join("; ")
}

pub(super) fn words(error: ServiceError) -> String {
    error.text(Language::Vi)
}

/// Keys and values of a space.
pub(super) fn rows(house: &House, space: u8) -> Vec<(Vec<u8>, Vec<u8>)> {
    let snapshot = house.platform.store().snapshot().unwrap();
    let end = after_prefix(&[space]);
    let range = snapshot.range(&[space], end.as_deref(), Direction::Forward);
    range.map(|row| row.map(|(key, stored)| (key, stored.value.to_vec())).unwrap()).collect()
}

pub(super) fn bytes_counted(house: &House) -> u64 {
    rows(house, space::FILE_BYTES).first().map_or(0, |(_, value)| postcard::from_bytes(value).unwrap())
}

/// A paper with these values; it succeeds.
pub(super) fn paper(house: &House, plugin: &PluginData, some: &[(&str, Value)]) -> RecordId {
    house.clerk(|call| insert(call, plugin, "papers", values(some)))
}

#[test]
fn a_file_comes_back_byte_for_byte_to_whoever_sees_its_record_and_to_nobody_else() {
    let house = House::new();
    let plugin = plugin(&house);
    for size in [10, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
        let content = pdf(size);
        let id = brought(&house, &plugin, &content);
        let mine = [with_file("scan", id), ("unit", Value::Unit(house.planning))];
        // Until it is attached it is the bringer's alone.
        assert!(download(&house, &plugin, house.clerk, id).is_ok());
        assert!(is_gone(download(&house, &plugin, house.officer, id)));
        paper(&house, &plugin, &mine);
        for who in [house.clerk, house.planner, house.officer] {
            let (info, bytes) = download(&house, &plugin, who, id).unwrap();
            assert_eq!((info.name.as_str(), info.size), ("Tờ trình.pdf", size as u64));
            assert_eq!((info.media, info.brought_by), (MediaType::Pdf, house.clerk));
            assert_eq!(info.sha256, <[u8; 32]>::from(Sha256::digest(&content)));
            assert!(bytes == content, "{size}");
        }
        for who in [house.treasurer, house.stranger] {
            assert!(is_gone(download(&house, &plugin, who, id)));
            let told = files::describe(&mut house.call(who), &plugin, &[id]).unwrap();
            assert_eq!(told, [None]);
        }
        let mut public = house.platform.begin(&house.platform.origin(Actor::Public, Language::Vi)).unwrap();
        assert!(is_gone(files::open(&mut public, &plugin, id).map(|_| ())));
    }
}

#[test]
fn a_plugin_reads_any_stretch_of_a_file_and_nothing_beyond_its_end() {
    let house = House::new();
    let plugin = plugin(&house);
    let content = pdf(2 * PIECE + 100);
    let id = brought(&house, &plugin, &content);
    let mut call = house.call(house.clerk);
    let end = content.len();
    for (offset, length) in
        [(0, 1), (PIECE - 5, 10), (5, end), (end - 1, 64), (end, 64), (end + 9, 64), (0, 0)]
    {
        let read = files::read(&mut call, &plugin, id, offset as u64, length).unwrap().unwrap();
        let (from, to) = (offset.min(end), (offset + length).min(end));
        assert!(read == content[from..to], "{offset} {length}");
    }
    assert_eq!(files::read(&mut call, &plugin, id, u64::MAX, usize::MAX).unwrap(), Some(Vec::new()));
    assert_eq!(files::read(&mut house.call(house.officer), &plugin, id, 0, 9).unwrap(), None);
}

#[test]
fn whoever_may_write_no_record_with_files_brings_none_and_is_told_why() {
    let house = House::new();
    let plugin = plugin(&house);
    for who in [house.planner, house.officer, house.stranger] {
        let refused = bring(&house, &plugin, who, "a.pdf", &pdf(10)).unwrap_err();
        assert!(matches!(refused, ServiceError::Denied(_)), "{refused:?}");
    }
    let public = house.platform.origin(Actor::Public, Language::Vi);
    assert!(matches!(house.platform.bring_file(&public, &plugin, "a.pdf"), Err(ServiceError::Denied(_))));
    let without = Arc::new(house.data());
    let refused = bring(&house, &without, house.clerk, "a.pdf", &pdf(10)).unwrap_err();
    assert_eq!(words(refused), "Ứng dụng này không nhận tệp đính kèm.");
    assert!(rows(&house, space::FILE_PIECE).is_empty());
}

#[test]
fn a_file_is_attached_by_whoever_brought_it_and_once() {
    let house = House::new();
    let plugin = plugin(&house);
    let of_owner = bring(&house, &plugin, house.owner, "a.pdf", &pdf(10)).unwrap().id;
    let mine = brought(&house, &plugin, &pdf(10));
    let record = paper(&house, &plugin, &[with_file("scan", mine)]);
    let nobodys = RecordId([7; 16]);
    let mut call = house.call(house.clerk);
    for id in [of_owner, mine, nobodys] {
        let refused = insert(&mut call, &plugin, "papers", values(&[with_file("scan", id)]));
        assert!(problem(refused).starts_with("scan: Tệp không còn hoặc không do bạn tải lên"), "{id}");
    }
    // Nor twice by one record, nor by two that are added together, nor by another plugin.
    let twice = brought(&house, &plugin, &pdf(10));
    let mut call = house.call(house.clerk);
    let both = [with_file("scan", twice), with_file("secret", twice)];
    assert!(problem(insert(&mut call, &plugin, "papers", values(&both))).starts_with("secret: "));
    let column = Column { values: ColumnValues::Attachments(vec![twice, twice]), validity: None };
    let refused = insert_many(&mut call, &plugin, "papers", &["scan".to_owned()], &[column]);
    assert!(matches!(refused, Err(RecordError::BadRequest(_))), "{refused:?}");
    let other = PluginData { number: 6, ..(*plugin).clone() };
    let refused = insert(&mut call, &other, "papers", values(&[with_file("scan", twice)]));
    assert!(problem(refused).starts_with("scan: "));
    // A record keeps its file when it is changed elsewhere, and when it is written again with the same one.
    let same = values(&[("title", text("Tên mới")), with_file("scan", mine)]);
    update(&mut call, &plugin, "papers", record, None, same).unwrap();
    house.commit(call).unwrap();
    assert!(download(&house, &plugin, house.clerk, mine).is_ok());
}

#[test]
fn of_two_records_that_take_one_file_at_once_one_has_it() {
    let house = House::new();
    let plugin = plugin(&house);
    let id = brought(&house, &plugin, &pdf(10));
    let mut calls = [house.call(house.clerk), house.call(house.clerk)];
    for call in &mut calls {
        insert(call, &plugin, "papers", values(&[with_file("scan", id)])).unwrap();
    }
    let [first, second] = calls;
    house.commit(first).unwrap();
    assert!(matches!(house.commit(second), Err(ServiceError::Conflict)));
}

#[test]
fn a_field_takes_the_sizes_and_types_that_it_declares() {
    let house = House::new();
    let plugin = plugin(&house);
    let png = [b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; 200]].concat();
    let small = bring(&house, &plugin, house.clerk, "a.png", &png[..100]).unwrap().id;
    let large = bring(&house, &plugin, house.clerk, "a.png", &png[..101]).unwrap().id;
    let other = brought(&house, &plugin, &pdf(50));
    let mut call = house.call(house.clerk);
    let mut with = |id| insert(&mut call, &plugin, "papers", values(&[with_file("image", id)]));
    assert_eq!(problem(with(large)), "image: Trường này nhận tệp lớn nhất 1 KB. Hãy nén hoặc tách nhỏ tệp.");
    assert!(problem(with(other)).starts_with("image: Trường này chỉ nhận .png, .jpg."));
    with(small).unwrap();
}

#[test]
fn a_file_is_as_confidential_as_its_field_and_its_record_and_leaves_only_with_the_right_to_export_that() {
    let house = House::new();
    let plugin = plugin(&house);
    let finance = ("unit", Value::Unit(house.finance));
    let in_field = brought(&house, &plugin, &pdf(10));
    paper(&house, &plugin, &[with_file("secret", in_field), finance.clone()]);
    let in_record = brought(&house, &plugin, &pdf(10));
    paper(&house, &plugin, &[with_file("scan", in_record), finance, ("label", text("confidential"))]);
    for id in [in_field, in_record] {
        assert!(is_gone(download(&house, &plugin, house.officer, id)), "not cleared");
        let told =
            files::describe(&mut house.call(house.treasurer), &plugin, &[id]).unwrap().remove(0).unwrap();
        assert_eq!(told.label, Label::Confidential);
        let refused = download(&house, &plugin, house.treasurer, id).unwrap_err();
        assert!(words(refused).contains("Xuất dữ liệu Mật"), "sees it, and may not take it out");
    }
    may_export(&house, house.treasurer);
    for id in [in_field, in_record] {
        download(&house, &plugin, house.treasurer, id).unwrap();
        let evidence = house.evidence();
        let viewed = &evidence.iter().rfind(|it| it.entry.action == "file.viewed").unwrap().entry;
        assert_eq!(viewed.subject, format!("file:papers/{id}"));
        assert_eq!(viewed.actor.account(), Some(house.treasurer));
        assert_eq!(viewed.detail["label"], "confidential");
        assert_eq!(viewed.records.len(), 1);
        assert!(!format!("{viewed:?}").contains("trình"), "names of files are no evidence");
    }
}

fn may_export(house: &House, account: AccountId) {
    let operator = house.platform.origin(Actor::Public, Language::Vi).as_operator();
    house
        .platform
        .perform(&operator, |call| {
            let role = "papers.exporter".parse().unwrap();
            let title = Localized::new("Xuất", "Export");
            accounts::define_role(call, &role, &title, from_ref(&crate::permissions::LABEL_EXPORT))?;
            let grant = NewGrant {
                to: Grantee::Account(account),
                role,
                unit: house.finance,
                own: false,
                label: Label::Confidential,
                term: Term::ALWAYS,
                reason: "thử".into(),
            };
            accounts::give(call, grant)
        })
        .unwrap();
}
