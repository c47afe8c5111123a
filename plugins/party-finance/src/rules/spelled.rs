//! Amounts spelled out, as vouchers have them (“viết bằng chữ”).

/// Digits, zero first.
const DIGITS: [&str; 10] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];

/// Whole đồng in Vietnamese words: `Một triệu không trăm linh năm nghìn đồng`.
pub fn dong(amount: i64) -> String {
    let mut words = Vec::new();
    if amount < 0 {
        words.push("âm");
    }
    number(amount.unsigned_abs(), false, &mut words);
    words.push("đồng");
    let text = words.join(" ");
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A number; `below` another word, all three digits of its groups are said.
fn number(number: u64, below: bool, words: &mut Vec<&'static str>) {
    if number == 0 && !below {
        words.push("không");
        return;
    }
    let (billions, rest) = (number / 1_000_000_000, number % 1_000_000_000);
    let mut below = below;
    if billions > 0 {
        self::number(billions, below, words);
        words.push("tỷ");
        below = true;
    }
    for (size, name) in [(1_000_000, Some("triệu")), (1_000, Some("nghìn")), (1, None)] {
        let group = rest / size % 1_000;
        if group > 0 {
            self::group(group, below, words);
            words.extend(name);
            below = true;
        }
    }
}

/// Three digits.
fn group(group: u64, below: bool, words: &mut Vec<&'static str>) {
    let digit =
        |number: u64| usize::try_from(number).ok().and_then(|at| DIGITS.get(at)).copied().unwrap_or("");
    let (hundreds, tens, ones) = (group / 100, group / 10 % 10, group % 10);
    let said = hundreds > 0 || below;
    if said {
        words.extend([digit(hundreds), "trăm"]);
    }
    match tens {
        0 if ones > 0 && said => words.push("linh"),
        0 => {}
        1 => words.push("mười"),
        _ => words.extend([digit(tens), "mươi"]),
    }
    match (tens, ones) {
        (_, 0) => {}
        (2.., 1) => words.push("mốt"),
        (2.., 4) => words.push("tư"),
        (1.., 5) => words.push("lăm"),
        _ => words.push(digit(ones)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_spelled_as_people_say_them() {
        for (amount, said) in [
            (0, "Không đồng"),
            (5, "Năm đồng"),
            (15_000, "Mười lăm nghìn đồng"),
            (21_000, "Hai mươi mốt nghìn đồng"),
            (105_000, "Một trăm linh năm nghìn đồng"),
            (400_000, "Bốn trăm nghìn đồng"),
            (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
            (2_136_937, "Hai triệu một trăm ba mươi sáu nghìn chín trăm ba mươi bảy đồng"),
            (24_000_011, "Hai mươi tư triệu không trăm mười một đồng"),
            (1_000_000_000_000, "Một nghìn tỷ đồng"),
            (3_000_055_000, "Ba tỷ không trăm năm mươi lăm nghìn đồng"),
            (-10_000, "Âm mười nghìn đồng"),
        ] {
            assert_eq!(dong(amount), said);
        }
    }

    /// The amount that words say, read by themselves.
    fn read(text: &str) -> i128 {
        let (mut all, mut below_billion, mut group, mut digit) = (0_i128, 0_i128, 0_i128, 0_i128);
        for word in text.to_lowercase().split(' ') {
            match word {
                "âm" | "linh" | "đồng" => {}
                "trăm" => (group, digit) = (group + digit * 100, 0),
                "mươi" => (group, digit) = (group + digit * 10, 0),
                "mười" => group += 10,
                "nghìn" => (below_billion, group, digit) = (below_billion + (group + digit) * 1_000, 0, 0),
                "triệu" => {
                    (below_billion, group, digit) = (below_billion + (group + digit) * 1_000_000, 0, 0)
                }
                "tỷ" => {
                    all = (all + below_billion + group + digit) * 1_000_000_000;
                    (below_billion, group, digit) = (0, 0, 0);
                }
                "mốt" => digit = 1,
                "tư" => digit = 4,
                "lăm" => digit = 5,
                word => digit = DIGITS.iter().position(|known| *known == word).unwrap() as i128,
            }
        }
        let amount = all + below_billion + group + digit;
        if text.starts_with("Âm") { -amount } else { amount }
    }

    proptest! {
        #[test]
        fn what_is_spelled_out_is_the_amount(amount in any::<i64>()) {
            prop_assert_eq!(read(&dong(amount)), i128::from(amount));
        }

        #[test]
        fn what_is_spelled_out_of_what_a_voucher_may_hold_is_the_amount(amount in 0..=1_000_000_000_000_i64) {
            prop_assert_eq!(read(&dong(amount)), i128::from(amount));
        }
    }
}
