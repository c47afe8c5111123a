//! A house with people who agree: an administrator who asks, a director who approves, a clerk without rights.

use dinh_model::{AccountId, Label, Localized, Permission, RequestId, UnitId};
use dinh_services::ServiceError;
use dinh_services::accounts::{
    NewAccount, Request, approve, create_account, declare_permission, define_role, refuse, withdraw_request,
};

use crate::house::{House, account, ask, give, new_account};

pub struct Council {
    pub house: House,
    /// Approves for the whole house.
    pub director: AccountId,
    /// Approves for planning only.
    pub planner: AccountId,
}

impl Council {
    pub fn new() -> Self {
        let house = House::new();
        let (director, planner) = house.admin(|call| {
            let director = account(call, "giamdoc", "Lê Thị Giám Đốc", house.province)?;
            let planner = account(call, "giamdoc-skhdt", "Hà Văn Giám Đốc", house.planning)?;
            give(call, director, "dinh.director", house.province)?;
            give(call, planner, "dinh.director", house.planning)?;
            declare_permission(call, &read_scores(), &Localized::new("Xem điểm", "See scores"))?;
            let reader = "pci-index.reader".parse().unwrap();
            define_role(call, &reader, &Localized::new("Người xem", "Reader"), &[read_scores()])?;
            Ok((director, planner))
        });
        Self { house, director, planner }
    }

    /// The administrator asks that the officer may read the scores of planning.
    pub fn ask(&self) -> RequestId {
        let house = &self.house;
        house.admin(|call| ask(call, house.officer, "pci-index.reader", house.planning))
    }

    /// The administrator asks for an account.
    pub fn ask_for(&self, login: &str, unit: UnitId) -> (AccountId, RequestId) {
        let new = new_account(login, "Vũ Văn Mới", unit);
        let made = self.house.admin(|call| create_account(call, new.clone()));
        (made.id, made.request.unwrap())
    }

    pub fn approve(&self, who: AccountId, request: RequestId) -> Result<Request, ServiceError> {
        self.house.as_person(who, |call| approve(call, request))
    }

    pub fn refuse(&self, who: AccountId, request: RequestId, why: &str) -> Result<Request, ServiceError> {
        self.house.as_person(who, |call| refuse(call, request, why))
    }

    pub fn withdraw(&self, who: AccountId, request: RequestId) -> Result<Request, ServiceError> {
        self.house.as_person(who, |call| withdraw_request(call, request))
    }

    /// Whether the officer may read the scores of planning.
    pub fn officer_reads(&self) -> bool {
        self.house.may(self.house.officer, &read_scores(), self.house.planning)
    }
}

pub fn read_scores() -> Permission {
    "pci-index.score.read".parse().unwrap()
}

pub fn secret(login: &str, unit: UnitId) -> NewAccount {
    NewAccount { clearance: Label::Confidential, ..new_account(login, "Vũ Thị Mật", unit) }
}
