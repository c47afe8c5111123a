//! How somebody made sure whom they have before them.

use std::fmt;
use std::str::FromStr;

use dinh_model::Language;
use serde::{Deserialize, Serialize};

/// How an administrator made sure whom they have before them, before they release a lost password or a second
/// factor. A closed set, so that the evidence can say it without saying anything about the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentityCheck {
    /// The citizen's card (thẻ căn cước), seen in the original.
    CitizenCard,
    /// The electronic identity in VNeID (level 2), shown on the person's own phone.
    Vneid,
    /// The card of a cadre, official or public employee, seen in the original.
    StaffCard,
    /// The administrator knows the person, who stands before them.
    KnownInPerson,
}

impl IdentityCheck {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::CitizenCard, Self::Vneid, Self::StaffCard, Self::KnownInPerson];

    /// The word as evidence, commands and JSON spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CitizenCard => "citizen-card",
            Self::Vneid => "vneid",
            Self::StaffCard => "staff-card",
            Self::KnownInPerson => "known-in-person",
        }
    }

    /// As people read it.
    pub fn title(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Vi, Self::CitizenCard) => "Đã xem bản gốc thẻ căn cước",
            (Language::En, Self::CitizenCard) => "Saw the citizen's identity card in the original",
            (Language::Vi, Self::Vneid) => "Đã xem căn cước điện tử mức 2 trên VNeID của người đó",
            (Language::En, Self::Vneid) => {
                "Saw the electronic identity (VNeID, level 2) on the person's phone"
            }
            (Language::Vi, Self::StaffCard) => "Đã xem bản gốc thẻ cán bộ, công chức, viên chức",
            (Language::En, Self::StaffCard) => "Saw the staff card in the original",
            (Language::Vi, Self::KnownInPerson) => "Quen biết và đã gặp trực tiếp",
            (Language::En, Self::KnownInPerson) => "Knows the person and met them in person",
        }
    }
}

impl fmt::Display for IdentityCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for IdentityCheck {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|check| check.as_str() == text)
            .ok_or_else(|| format!("{text:?} is none of citizen-card, vneid, staff-card, known-in-person"))
    }
}
