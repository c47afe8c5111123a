//! Templates of documents (mẫu văn bản): text with words in braces, where the dossier's data go.

/// Paragraphs of a template's body are set apart by this.
const APART: char = '|';

/// The paragraphs of a body with its words filled in. What is not known, or empty, becomes a line to be filled in by hand.
pub fn fill(body: &str, value: impl Fn(&str) -> Option<String>) -> Vec<String> {
    body.split(APART)
        .map(|paragraph| paragraph.trim())
        .filter(|text| !text.is_empty())
        .map(|text| one(text, &value))
        .collect()
}

fn one(text: &str, value: &impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((word, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match value(word.trim()).filter(|value| !value.trim().is_empty()) {
            Some(value) => filled.push_str(&value),
            None => filled.push_str("……………"),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_in_braces_are_filled_in_and_unknown_ones_left_to_the_pen() {
        let value = |word: &str| (word == "so").then(|| "12".to_owned());
        let filled = fill("Số {so}-TB/UBKTTU | Kính gửi {noi-nhan} |  ", value);
        assert_eq!(filled, ["Số 12-TB/UBKTTU", "Kính gửi ……………"]);
        assert_eq!(fill("{so", value), ["{so"]);
    }

    proptest! {
        #[test]
        fn what_is_filled_in_is_not_read_again(value in "[a-z{}|]{0,12}", body in "[a-z ]{0,10}") {
            let filled = fill(&format!("x{{w}}{body}"), |_| Some(value.clone()));
            let expected = if value.trim().is_empty() { "……………".to_owned() } else { value };
            prop_assert_eq!(filled, vec![format!("x{expected}{body}").trim_end().to_owned()]);
        }
    }
}
