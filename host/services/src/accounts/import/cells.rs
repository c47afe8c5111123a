//! What the cells of a row mean: the unit, the position, the login and the address that a row names itself, and the
//! faults that each of them may have.

use dinh_model::{Localized, Target, UnitId};

use super::super::{Position, emails, names, positions};
use super::columns::{self, Row};
use super::people_there::Person;
use super::places::NoPlace;
use super::planning::Planning;
use super::posts::NoPost;
use super::report::FaultKind;
use crate::ServiceError;
use crate::permissions::ACCOUNT_MANAGE;

impl Planning<'_> {
    /// The unit that a row names, else the one for all.
    pub(super) fn unit(&mut self, row: &Row, for_all: Option<UnitId>) -> Option<(UnitId, String)> {
        let cell = row.unit.as_deref().unwrap_or_default();
        let found = match (&row.unit, for_all) {
            (None, Some(unit)) => self.places.get(unit).ok_or(NoPlace::Unknown),
            _ => self.places.find(cell),
        };
        let (message, remedy) = match found {
            Ok(unit) => return Some((unit.id, unit.code.clone())),
            Err(NoPlace::Unknown) => (
                Localized::new(
                    "không có đơn vị đang hoạt động nào có mã hoặc tên này",
                    "no unit that is in its term has this code or name",
                ),
                Localized::new(
                    "Ghi mã đơn vị như trong danh sách đơn vị, hoặc lập đơn vị trước khi nhập.",
                    "Give the code as the list of units has it, or create the unit first.",
                ),
            ),
            Err(NoPlace::Several(codes)) => (
                Localized::new("nhiều đơn vị có tên này", "several units have this name"),
                Localized::new(
                    &format!("Ghi mã đơn vị: {}.", codes.join(", ")),
                    &format!("Give the code: {}.", codes.join(", ")),
                ),
            ),
        };
        self.report.add(FaultKind::Unit, row, (columns::UNIT, cell), &message, &remedy);
        None
    }

    /// Whether the actor may make accounts there.
    pub(super) fn right(&mut self, row: &Row, unit: UnitId) {
        let label = row.clearance;
        let call = self.call;
        let may = *self
            .rights
            .entry((unit, label))
            .or_insert_with(|| call.check(&ACCOUNT_MANAGE, &Target { unit, label, owner: None }));
        if !may {
            let message = Localized::new(
                "bạn không có quyền quản lý tài khoản của đơn vị này ở độ mật này",
                "you may not manage accounts of this unit up to this label",
            );
            let remedy = Localized::new(
                "Bỏ dòng này, hoặc nhờ quản trị viên của đơn vị đó nhập.",
                "Leave the row out, or let an administrator of that unit import it.",
            );
            let cell = row.unit.as_deref().unwrap_or_default();
            self.report.add(FaultKind::Right, row, (columns::UNIT, cell), &message, &remedy);
        }
    }

    /// Whether nobody of this name is in the unit.
    pub(super) fn only_one(&mut self, row: &Row, person: Person) {
        let Some(message) = self.people.add(person, row.line) else { return };
        let remedy = Localized::new(
            "Bỏ dòng trùng; nếu là người khác, xác nhận cho phép người cùng họ tên rồi nhập lại.",
            "Leave the row out; if it is somebody else, say that people of one name are different people.",
        );
        self.report.add(FaultKind::Duplicate, row, (columns::FULL_NAME, &row.full_name), &message, &remedy);
    }

    /// The position of the unit that a row names, when the actor may give it with all its grants.
    pub(super) fn position(&mut self, row: &Row, unit: UnitId) -> Result<Option<Position>, ServiceError> {
        let Some(cell) = &row.position else { return Ok(None) };
        let (message, remedy) = match self.posts.find(self.call, unit, cell)? {
            Ok(position) if self.may_give(&position)? => return Ok(Some(position)),
            Ok(_) => {
                let message = Localized::new(
                    "bạn không có quyền giao chức vụ này cùng các quyền của nó",
                    "you may not give this position with all its grants",
                );
                let remedy = Localized::new(
                    "Để trống ô này, hoặc nhờ người quản lý phân quyền của đơn vị nhập.",
                    "Leave the cell empty, or let somebody import it who gives grants there.",
                );
                self.report.add(FaultKind::Right, row, (columns::POSITION, cell), &message, &remedy);
                return Ok(None);
            }
            Err(NoPost::Unknown) => (
                Localized::new(
                    "đơn vị này không có chức vụ nào có tên hoặc số này",
                    "the unit has no position of this title or number",
                ),
                Localized::new(
                    "Ghi tên chức vụ như trong danh sách chức vụ của đơn vị, hoặc thêm chức vụ trước khi nhập.",
                    "Give the title as the unit's list of positions has it, or create the position first.",
                ),
            ),
            Err(NoPost::Several(numbers)) => {
                let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
                (
                    Localized::new(
                        "đơn vị này có nhiều chức vụ cùng tên",
                        "several positions of the unit have this title",
                    ),
                    Localized::new(
                        &format!("Ghi số của chức vụ: {}.", numbers.join(", ")),
                        &format!("Give the position's number: {}.", numbers.join(", ")),
                    ),
                )
            }
        };
        self.report.add(FaultKind::Position, row, (columns::POSITION, cell), &message, &remedy);
        Ok(None)
    }

    fn may_give(&mut self, position: &Position) -> Result<bool, ServiceError> {
        if let Some(may) = self.gives.get(&position.id) {
            return Ok(*may);
        }
        let needed = positions::needed(self.call, position)?;
        let may = needed.iter().all(|(permission, target)| self.call.check(permission, target));
        self.gives.insert(position.id, may);
        Ok(may)
    }

    /// The login that a row names, held for it.
    pub(super) fn own_login(&mut self, row: &Row) -> Result<Option<String>, ServiceError> {
        let Some(typed) = &row.login else { return Ok(None) };
        let remedy = Localized::new(
            "Ghi tên đăng nhập khác, hoặc để trống để hệ thống tự lập.",
            "Give another login, or leave the cell empty to have one made.",
        );
        let (message, login) = match names::login(typed) {
            Err(ServiceError::Invalid(text)) => (text, None),
            Err(other) => return Err(other),
            Ok(login) if self.login_free(&login)? => {
                self.logins.insert(login.clone());
                return Ok(Some(login));
            }
            Ok(login) => (
                Localized::new(
                    "tên đăng nhập này đã có người dùng hoặc ở dòng trên",
                    "this login is taken, by an account or a row above",
                ),
                Some(login),
            ),
        };
        self.report.add(FaultKind::Login, row, (columns::LOGIN, typed), &message, &remedy);
        Ok(login)
    }

    /// The address that a row names, held for it.
    pub(super) fn own_email(&mut self, row: &Row) -> Result<Option<String>, ServiceError> {
        let Some(typed) = &row.email else { return Ok(None) };
        let remedy = Localized::new(
            "Ghi địa chỉ khác, hoặc để trống để hệ thống tự lập.",
            "Give another address, or leave the cell empty to have one made.",
        );
        let message = match emails::address(typed) {
            Err(ServiceError::Invalid(text)) => text,
            Err(other) => return Err(other),
            Ok(email) if self.email_free(&email)? => {
                self.emails.insert(email.clone());
                return Ok(Some(email));
            }
            Ok(_) => Localized::new(
                "địa chỉ thư điện tử này đã có người dùng hoặc ở dòng trên",
                "this address is taken, by an account or a row above",
            ),
        };
        self.report.add(FaultKind::Email, row, (columns::EMAIL, typed), &message, &remedy);
        Ok(None)
    }
}
