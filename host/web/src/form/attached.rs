//! Files attached in a form. What comes back of a field is identifiers: of the files it held, which the page carries, and
//! of those that came along, which were taken on their way ([`files`](crate::files)). So a file that was brought once
//! outlives what is wrong elsewhere in the form.

use dinh_model::FileId;
use dinh_runtime::bindings::types::{self, Value};
use dinh_runtime::bindings::views::Upload;

use super::kind::Read;
use super::{Raw, Reader};

/// Whether a part of a body is a file for a field of a form, by the part's name.
pub fn is_name(name: &str) -> bool {
    name.starts_with("f.") || name.starts_with("c.")
}

/// The name of the boxes that take files away from the field of that name.
pub fn removing(name: &str) -> String {
    format!("{name}.remove")
}

/// The identifiers that a field came back with, without those that are taken away. A field of one file has the last that
/// came: what is brought stands behind what was there.
pub fn ids(raw: &Raw, name: &str, upload: &Upload) -> Vec<String> {
    let removing = removing(name);
    let mut ids: Vec<String> = Vec::new();
    for id in raw.all(name).map(str::trim).filter(|id| !id.is_empty()) {
        if !raw.all(&removing).any(|removed| removed == id) && !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    match upload.maximum_files {
        0 | 1 => ids.pop().into_iter().collect(),
        _ => ids,
    }
}

impl Reader<'_> {
    pub(super) fn attached(&self, raw: &Raw, name: &str, label: &str, upload: &Upload) -> Read {
        let ids = ids(raw, name, upload);
        let most = upload.maximum_files.min(self.most_files).max(1);
        if ids.len() > most as usize {
            let most = self.formats.integer(i64::from(most));
            return Err(self.wrong("input-attach-many", label, &[("maximum", &most)]));
        }
        let mut found = Vec::with_capacity(ids.len());
        for id in &ids {
            let info = id.parse::<FileId>().ok().and_then(|id| self.directory.file(id));
            let Some(info) = info else { return Err(self.wrong("input-attach-gone", label, &[])) };
            let file = info.name.as_str();
            let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
            let is = |known: &String| known.trim_start_matches('.').eq_ignore_ascii_case(extension);
            if !upload.extensions.is_empty() && !upload.extensions.iter().any(is) {
                let extensions = upload.extensions.join(", ");
                let variables = [("file", file), ("extensions", extensions.as_str())];
                return Err(self.wrong("input-attach-type", label, &variables));
            }
            if info.size > upload.maximum_bytes {
                let most = self.formats.size(upload.maximum_bytes);
                return Err(self.wrong("input-attach-large", label, &[("file", file), ("most", &most)]));
            }
            found.push(info.id);
        }
        Ok(match (found.as_slice(), upload.maximum_files) {
            ([], _) => Value::Empty,
            ([id], 0 | 1) => {
                let (high, low) = id.halves();
                Value::Attachment(types::RecordId { high, low })
            }
            (ids, _) => Value::Texts(ids.iter().map(ToString::to_string).collect()),
        })
    }
}

#[cfg(test)]
mod tests {
    use dinh_model::Language;
    use dinh_runtime::bindings::views::FieldKind;

    use super::*;
    use crate::village::{FILE, Village};

    fn upload(extensions: &[&str], maximum_bytes: u64, maximum_files: u32) -> Upload {
        let extensions = extensions.iter().map(|extension| (*extension).to_owned()).collect();
        Upload { extensions, maximum_bytes, maximum_files }
    }

    fn raw(pairs: &[(&str, &str)]) -> Raw {
        Raw::typed(pairs.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect(), Vec::new())
    }

    fn read(pairs: &[(&str, &str)], upload: Upload) -> Result<Value, String> {
        let reader = Village.reader(Language::Vi);
        let read = reader.value(&raw(pairs), "f.scan", "Bản chụp", &FieldKind::Attachment(upload), true);
        read.map_err(|wrong| wrong.message)
    }

    #[test]
    fn what_is_brought_takes_the_place_of_what_was_there_and_what_is_taken_away_is_gone() {
        let one = upload(&[], 1, 1);
        let several = upload(&[], 1, 3);
        let ids = |pairs, upload| ids(&raw(pairs), "f.scan", upload);
        let both = &[("f.scan", "old"), ("f.scan", "new"), ("f.scan", "new"), ("f.scan", " ")];
        assert_eq!(ids(both, &one), ["new"]);
        assert_eq!(ids(both, &several), ["old", "new"]);
        let without = &[("f.scan", "old"), ("f.scan.remove", "old"), ("f.other", "x")];
        assert!(ids(without, &one).is_empty() && ids(without, &several).is_empty());
    }

    #[test]
    fn a_file_is_of_the_types_sizes_and_number_that_its_field_takes() {
        let id = FILE.to_string();
        let here = [("f.scan", id.as_str())];
        let (high, low) = FILE.halves();
        let one = Value::Attachment(types::RecordId { high, low });
        assert_eq!(read(&here, upload(&[".pdf"], 1_500_000, 1)), Ok(one));
        assert_eq!(read(&here, upload(&[], 1_500_000, 2)), Ok(Value::Texts(vec![id.clone()])));
        let wrong = |pairs: &[(&str, &str)], upload| read(pairs, upload).unwrap_err();
        assert!(wrong(&here, upload(&[".jpg", ".png"], u64::MAX, 1)).contains(".jpg, .png"));
        assert!(wrong(&here, upload(&[".PDF"], 1_499_999, 1)).contains("lớn quá 1,4 MB"));
        assert!(wrong(&[("f.scan", "không phải")], upload(&[], 9, 1)).contains("không còn"));
        let many: Vec<String> = (0..21).map(|number| number.to_string()).collect();
        let many: Vec<_> = many.iter().map(|id| ("f.scan", id.as_str())).collect();
        assert!(wrong(&many, upload(&[], 9, 30)).contains("nhiều nhất 20 tệp"), "the platform's own bound");
        assert!(wrong(&[], upload(&[], 9, 1)).contains("Hãy chọn tệp"));
    }
}
