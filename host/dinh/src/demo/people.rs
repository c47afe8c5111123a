//! The people of the demo who sign in, and what they are granted. Invented persons.

use dinh_model::Label;

/// A grant: role, code of the unit it reaches, whether it reaches own records only, and up to which label.
pub struct DemoGrant {
    /// The role.
    pub role: &'static str,
    /// Code of the unit.
    pub unit: &'static str,
    /// Own records only.
    pub own: bool,
    /// The highest label it reaches; the account is cleared for it.
    pub label: Label,
}

/// An account, with what it is granted.
pub struct DemoAccount {
    /// Sign-in name.
    pub login: &'static str,
    /// Full name.
    pub full_name: &'static str,
    /// Code of the unit.
    pub unit: &'static str,
    /// Grants.
    pub grants: &'static [DemoGrant],
}

/// Who imports the published data: the planning officer.
pub const EDITOR: &str = "nguyenthilan-skhdt";

/// Who brings in the officers: the personnel clerk.
pub const CLERK: &str = "tranthihoa-snv";

/// Who collects Party dues, and keeps their rates.
pub const COLLECTOR: &str = "dothihanh-vptu";

/// Who heads the inspection committee, and brings its book in.
pub const INSPECTOR: &str = "vuquockhanh-ubkttu";

/// Who works on dossiers and keeps procedures.
pub const PROCEDURAL: &str = "phananhtuan-ubkttu";

/// Who approves what others ask for.
pub const DIRECTOR: &str = "hoangthimai-vpubnd";

/// Who keeps parameters and quotas.
pub const STEWARD: &str = "leminhtuan-vpubnd";

/// Who receives dues from divisions of the planning department.
pub const RECEIVER: &str = "trinhvanson-skhdt";

/// Who keeps the fund's books there.
pub const ACCOUNTANT: &str = "lethuthuy-skhdt";

/// Who pays out of it.
pub const CASHIER: &str = "dovanbinh-skhdt";

/// Who is the head administrator of the province.
pub const HEAD: &str = "leminhtuan-vpubnd";

const fn grant(role: &'static str, unit: &'static str) -> DemoGrant {
    DemoGrant { role, unit, own: false, label: Label::Ordinary }
}

/// The same up to Mật.
const fn confidential(role: &'static str, unit: &'static str) -> DemoGrant {
    DemoGrant { label: Label::Confidential, ..grant(role, unit) }
}

/// An officer's own record, and the parameters it is read with.
const OWN_RECORD: DemoGrant = DemoGrant { own: true, ..grant("personnel.officer", "tinh") };
const PARAMETERS: DemoGrant = grant("personnel.staff", "snv");

/// Files and prints of cases are Mật, and taking them out is a right of its own.
const CASE_FILES: DemoGrant = confidential("dinh.confidential-exporter", "ubkttu");

/// Rates, shares and items are read where the plugin is at home.
const RATES: DemoGrant = grant("party-finance.staff", "vptu");

/// Members are looked up all over the province, and procedures where the plugin is at home.
const LOOKUP: DemoGrant = grant("inspection.lookup", "tinh");
const PROCEDURES: DemoGrant = grant("inspection.staff", "ubkttu");

/// The accounts.
pub const ACCOUNTS: &[DemoAccount] = &[
    DemoAccount {
        login: EDITOR,
        full_name: "Nguyễn Thị Lan",
        unit: "skhdt-thqh",
        grants: &[grant("pci-index.editor", "skhdt"), OWN_RECORD, PARAMETERS],
    },
    DemoAccount {
        login: "phamvanduc-skhdt",
        full_name: "Phạm Văn Đức",
        unit: "skhdt-dkkd",
        grants: &[grant("pci-index.reader", "skhdt"), OWN_RECORD, PARAMETERS],
    },
    DemoAccount {
        login: HEAD,
        full_name: "Lê Minh Tuấn",
        unit: "vpubnd",
        grants: &[grant("dinh.administrator", "tinh"), grant("personnel.steward", "tinh")],
    },
    DemoAccount {
        login: DIRECTOR,
        full_name: "Hoàng Thị Mai",
        unit: "vpubnd",
        grants: &[
            confidential("dinh.director", "tinh"),
            confidential("personnel.head", "tinh"),
            grant("party-finance.treasurer", "tinh"),
            grant("party-finance.approver", "tinh"),
            // What these hand up to the office is received there.
            grant("party-finance.receiver", "vpubnd"),
            grant("party-finance.receiver", "skhdt"),
            grant("party-finance.receiver", "snv"),
            grant("party-finance.receiver", "sxd"),
            RATES,
        ],
    },
    DemoAccount {
        login: CLERK,
        full_name: "Trần Thị Hoà",
        unit: "snv-ccvc",
        grants: &[grant("personnel.clerk", "tinh"), grant("dinh.catalog-proposer", "tinh")],
    },
    DemoAccount {
        login: COLLECTOR,
        full_name: "Đỗ Thị Hạnh",
        unit: "vptu",
        grants: &[grant("party-finance.collector", "tinh"), RATES, grant("party-finance.steward", "vptu")],
    },
    DemoAccount {
        login: INSPECTOR,
        full_name: "Vũ Quốc Khánh",
        unit: "ubkttu",
        grants: &[confidential("inspection.head", "ubkttu"), CASE_FILES, LOOKUP, PROCEDURES],
    },
    DemoAccount {
        login: PROCEDURAL,
        full_name: "Phan Anh Tuấn",
        unit: "ubkttu",
        grants: &[
            confidential("inspection.officer", "ubkttu"),
            LOOKUP,
            PROCEDURES,
            grant("inspection.steward", "ubkttu"),
        ],
    },
    DemoAccount {
        login: "hoangthikhuyen-ubkttu",
        full_name: "Hoàng Thị Khuyên",
        unit: "ubkttu",
        grants: &[confidential("inspection.intake", "ubkttu"), LOOKUP, PROCEDURES],
    },
    DemoAccount {
        login: RECEIVER,
        full_name: "Trịnh Văn Sơn",
        unit: "skhdt",
        grants: &[grant("party-finance.receiver", "skhdt"), RATES],
    },
    DemoAccount {
        login: ACCOUNTANT,
        full_name: "Lê Thu Thuỷ",
        unit: "skhdt",
        grants: &[grant("party-finance.accountant", "skhdt"), RATES],
    },
    DemoAccount {
        login: CASHIER,
        full_name: "Đỗ Văn Bình",
        unit: "skhdt",
        grants: &[grant("party-finance.cashier", "skhdt"), RATES],
    },
    // Nobody has told the platform yet what they may.
    DemoAccount { login: "luongvanque-sxd", full_name: "Lương Văn Quế", unit: "sxd", grants: &[] },
];

#[cfg(test)]
mod tests {
    use super::super::units::UNITS;
    use super::*;

    #[test]
    fn every_account_stands_in_a_unit_and_two_people_can_ask_and_approve() {
        let known: Vec<_> = UNITS.iter().map(|unit| unit.code).collect();
        for account in ACCOUNTS {
            assert!(known.contains(&account.unit), "{}", account.login);
            assert!(account.grants.iter().all(|grant| known.contains(&grant.unit)), "{}", account.login);
        }
        for login in [
            EDITOR, CLERK, STEWARD, HEAD, COLLECTOR, DIRECTOR, INSPECTOR, PROCEDURAL, RECEIVER, ACCOUNTANT,
            CASHIER,
        ] {
            assert!(ACCOUNTS.iter().any(|account| account.login == login), "{login}");
        }
        let holder = |role: &str| {
            let has = |grants: &[DemoGrant]| grants.iter().any(|grant| grant.role == role);
            ACCOUNTS.iter().find(|account| has(account.grants)).map(|account| account.login)
        };
        let (asks, approves) = (holder("dinh.administrator"), holder("dinh.director"));
        assert!(
            asks.is_some() && approves.is_some() && asks != approves,
            "two people can show how it is done"
        );
    }
}
