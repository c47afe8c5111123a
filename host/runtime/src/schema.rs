//! Whether a newer version can read what an older one has stored.

use dinh_model::{Collection, Field, Label};

use crate::Manifest;

/// Says how `new` does not continue the collections of `old`: nothing may be lost, reinterpreted, lowered
/// in label, sealed or unsealed, or missing from an index. Fields may be added at the end, collections anywhere.
pub(crate) fn continues(old: &Manifest, new: &Manifest) -> Result<(), String> {
    for collection in &old.collections {
        let name = &collection.name;
        let newer = new
            .collections
            .iter()
            .find(|newer| newer.name == *name)
            .ok_or_else(|| format!("the collection `{name}` is missing"))?;
        continues_collection(collection, newer).map_err(|wrong| format!("in `{name}`, {wrong}"))?;
    }
    Ok(())
}

fn continues_collection(old: &Collection, new: &Collection) -> Result<(), String> {
    for (place, field) in old.fields.iter().enumerate() {
        match new.fields.get(place) {
            Some(newer) if newer.name == field.name => continues_field(field, newer)?,
            Some(newer) => {
                return Err(format!("field {} was `{}` and is `{}`", place + 1, field.name, newer.name));
            }
            None => return Err(format!("the field `{}` is missing", field.name)),
        }
    }
    if let Some(added) = new.fields.iter().skip(old.fields.len()).find(|added| added.required) {
        return Err(format!(
            "the new field `{}` is required, and records from before do not have it",
            added.name
        ));
    }
    let roles =
        |collection: &Collection| (collection.unit_field, collection.owner_field, collection.label_field);
    if roles(old) != roles(new) {
        return Err("the fields that name a record's unit, owner or label are others".to_owned());
    }
    if new.label != old.label {
        return Err(format!(
            "the label was {} and is {}: stored records would lie in the clear, or be read as if they did",
            old.label, new.label
        ));
    }
    if old.indexes != new.indexes {
        return Err("the indexes are others".to_owned());
    }
    Ok(())
}

fn continues_field(old: &Field, new: &Field) -> Result<(), String> {
    let name = &old.name;
    if !old.kind.holds_the_same(&new.kind) {
        return Err(format!("the field `{name}` changes its type, scale, catalog or collection"));
    }
    if new.required && !old.required {
        return Err(format!("the field `{name}` becomes required, and stored records may lack it"));
    }
    if new.label < old.label {
        return Err(format!("the label of the field `{name}` falls from {} to {}", old.label, new.label));
    }
    let sealed = |field: &Field| (field.personal || field.label > Label::Ordinary, field.drawn);
    if sealed(old) != sealed(new) {
        return Err(format!(
            "the field `{name}` is sealed in one version and not in the other (`label`, `personal`, `drawn`): stored \
             records stay as they were written; add a new field and move the values there"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = include_str!("../tests/manifests/good.toml");

    fn offered(old: &str, new: &str) -> Result<(), String> {
        assert!(OLD.contains(old), "{old}");
        continues(&Manifest::parse(OLD).unwrap(), &Manifest::parse(&OLD.replacen(old, new, 1)).unwrap())
    }

    const ADDED: &str = "title = { vi = \"Ghi chú\", en = \"Remark\" }\n";

    fn with_field(more: &str) -> String {
        format!(
            "{ADDED}\n[[collections.fields]]\nname = \"source\"\ntype = \"text\"\n\
             title = {{ vi = \"Nguồn\", en = \"Source\" }}\n{more}\n"
        )
    }

    #[test]
    fn a_field_at_the_end_and_another_title_are_a_continuation() {
        assert_eq!(offered(ADDED, &with_field("")), Ok(()));
        assert_eq!(offered("vi = \"Điểm\", en = \"Scores\"", "vi = \"Bảng điểm\", en = \"Scores\""), Ok(()));
        assert_eq!(offered("required = true\ntitle = { vi = \"Năm\"", "title = { vi = \"Năm\""), Ok(()));
        // On which day a code holds says what may be written, not what is stored.
        assert_eq!(offered("on = \"day\"\n", "any-term = true\n"), Ok(()));
    }

    #[test]
    fn what_would_lose_reinterpret_or_uncover_records_is_named() {
        for (old, new, said) in [
            ("name = \"scores\"", "name = \"points\"", "the collection `scores` is missing"),
            ("name = \"score\"", "name = \"points\"", "field 3 was `score` and is `points`"),
            ("scale = 2", "scale = 3", "`score` changes its type"),
            ("catalog = \"provinces\"", "catalog = \"units\"", "`province` changes its type"),
            ("unit = \"unit\"\n", "", "a record's unit"),
            ("label = \"secrecy\"\n", "", "a record's unit, owner or label"),
            ("scale = 2\n", "scale = 2\nrequired = true\n", "`score` becomes required"),
            ("label = \"confidential\"\n", "", "the field `remark` falls"),
            ("type = \"decimal\"", "type = \"decimal\"\npersonal = true", "`score` is sealed in one version"),
            ("kind = \"unique\"", "kind = \"ordered\"", "indexes"),
            (ADDED, &with_field("required = true"), "`source` is required"),
        ] {
            let wrong = offered(old, new).unwrap_err();
            assert!(wrong.contains(said), "{wrong}");
        }
    }
}
