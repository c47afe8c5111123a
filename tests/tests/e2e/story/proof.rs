//! Everything that was done is in the evidence in its order, each entry with a proof that verifies offline against a key and
//! a head that were kept before.

use std::fs;

use dinh_tests::programs::{run, run_on};
use serde_json::Value;

use super::Province;
use crate::audit::{audit, beside, text};

/// What the evidence has to tell of a deed.
pub(super) struct Told {
    who: &'static str,
    action: &'static str,
    outcome: &'static str,
    /// Plugin, dataset or form that it names.
    names: Vec<&'static str>,
}

impl Told {
    /// A form that was submitted to a plugin.
    pub(super) fn form(who: &'static str, plugin: &'static str, form: &'static str) -> Self {
        Self { names: vec![plugin, form], ..Self::deed(who, "form.submitted") }
    }

    /// A dataset that was read under contract.
    pub(super) fn read(who: &'static str, dataset: &'static str) -> Self {
        Self { names: vec![dataset], ..Self::deed(who, "dataset.read") }
    }

    /// A page or a deed of a plugin that was refused.
    pub(super) fn refused(who: &'static str, plugin: &'static str) -> Self {
        Self { outcome: "refused", names: vec![plugin], ..Self::deed(who, "access.refused") }
    }

    /// What a rule refused, such as a read that no contract allows.
    pub(super) fn rule(who: &'static str, rule: &'static str) -> Self {
        Self { outcome: "refused", names: vec![rule], ..Self::deed(who, "rule.refused") }
    }

    /// A deed of the platform.
    pub(super) fn deed(who: &'static str, action: &'static str) -> Self {
        Self { who, action, outcome: "done", names: Vec::new() }
    }

    fn is(&self, entry: &Value, account: &Value) -> bool {
        let said = entry.to_string();
        entry["actor"]["Person"]["account"] == *account
            && entry["action"] == self.action
            && entry["outcome"] == self.outcome
            && self.names.iter().all(|name| said.contains(&format!("{name}\"")))
    }
}

/// What an outsider keeps before the story begins: the key, and a head.
pub(super) struct Kept {
    key: String,
    heads: std::path::PathBuf,
    size: String,
}

pub(super) fn begin(province: &Province) -> Kept {
    let folder = &province.folder;
    let head = audit(folder, &["head"]).out;
    let heads = beside(folder, "kept-heads.txt");
    fs::write(&heads, &head).unwrap();
    let size = head.lines().nth(1).unwrap().to_owned();
    Kept { key: audit(folder, &["key"]).out.trim().to_owned(), heads, size }
}

pub(super) fn act(province: Province, kept: &Kept) {
    let folder = &province.folder;
    let words = ["list", "--from", &kept.size, "--limit", "1000", "--json"];
    let entries = audit(folder, &words).json();
    let entries = entries.as_array().unwrap();
    let (proof, mut from) = (beside(folder, "entry.tlog-proof"), 0);
    for told in &province.told {
        let account = province.command(&["account", "show", told.who, "--as-operator"])["id"].clone();
        let after = entries.iter().skip(from).position(|it| told.is(&it["entry"], &account));
        let found = from
            + after.unwrap_or_else(|| {
                panic!(
                    "no {} of {} {:?} after entry {from} of {}",
                    told.action,
                    told.who,
                    told.names,
                    entries.len()
                )
            });
        from = found;
        let index = entries[found]["index"].to_string();
        // Who discloses nothing of the person by it: ids and reasons, never a name.
        assert!(!entries[found].to_string().contains(super::NAME), "{}", entries[found]);
        fs::write(&proof, audit(folder, &["prove", &index]).out).unwrap();
        let verified =
            run(&["audit", "verify", "--proof", text(&proof), "--key", &kept.key, "--json"]).json();
        assert_eq!(verified["index"].to_string(), index);
    }

    let export = beside(folder, "story-export");
    assert_eq!(audit(folder, &["export", text(&export)]).code, Some(0));
    drop(province.server);
    let words =
        ["audit", "verify", "--export", text(&export), "--key", &kept.key, "--heads", text(&kept.heads)];
    assert_eq!(run(&words).code, Some(0));
    assert!(run_on(folder.path(), &["audit", "verify", "--as-operator"]).code == Some(0));
}
