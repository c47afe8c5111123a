//! Rights are lent for a time, with the head's consent, and never beyond what the lender has.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, GrantId, Label, Language, Localized, Target, Timestamp};
use dinh_services::accounts::{
    self, Made, NewDelegation, NewPosition, create_position, delegations_of, end_delegation, get_delegation,
    hold, lend, lenders, name_head, rename_unit, suspend, withdraw,
};
use dinh_services::permissions::UNIT_MANAGE;
use dinh_services::{Origin, ServiceError};

use crate::council::Council;
use crate::house::{account, ask, at_once, denied, give, give_this, invalid, new_grant, refused, ruled};

/// Planning with its head; an officer who manages units there and lends that to a clerk.
struct Loan {
    council: Council,
    head: AccountId,
    clerk: AccountId,
    grant: GrantId,
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl Loan {
    fn new() -> Self {
        let council = Council::new();
        let house = &council.house;
        let (head, clerk, grant) = house.admin(|call| {
            let head = account(call, "truong-skhdt", "Lê Thị Trưởng", house.planning)?;
            let clerk = account(call, "thuky-skhdt", "Thư Ký", house.planning)?;
            let grant = give(call, house.officer, "dinh.unit-administrator", house.planning)?;
            at_once(call, |call| name_head(call, house.planning, head, Label::Ordinary, ""))?;
            at_once(call, |call| name_head(call, house.province, house.admin, Label::Ordinary, ""))?;
            Ok((head, clerk, grant))
        });
        Self { council, head, clerk, grant }
    }

    fn terms(&self) -> NewDelegation {
        NewDelegation {
            borrower: self.clerk,
            grants: vec![self.grant],
            term: Term { from: moment("2026-03-02T00:00:00Z"), until: Some(moment("2026-03-12T00:00:00Z")) },
            reason: "đi công tác".into(),
        }
    }

    fn lend(&self, lender: AccountId, change: impl Fn(&mut NewDelegation)) -> Result<Made<()>, ServiceError> {
        let mut new = self.terms();
        change(&mut new);
        self.council.house.as_person(lender, |call| lend(call, new.clone()))
    }

    /// Lent and consented to.
    fn begin(&self) {
        let made = self.lend(self.council.house.officer, |_| {}).unwrap();
        self.council.approve(self.head, made.request.unwrap()).unwrap();
    }

    fn on_behalf(&self) -> Origin {
        let actor = Actor::Person { account: self.clerk, on_behalf_of: Some(self.council.house.officer) };
        self.council.house.platform.origin(actor, Language::Vi)
    }

    fn may(&self) -> bool {
        let house = &self.council.house;
        let call = house.platform.begin(&self.on_behalf()).unwrap();
        call.check(&UNIT_MANAGE, &Target::unit(house.planning))
    }

    fn lenders(&self) -> Vec<AccountId> {
        let listed = self.council.house.as_person(self.clerk, |call| lenders(call)).unwrap();
        listed.into_iter().map(|lender| lender.account).collect()
    }
}

#[test]
fn what_is_lent_is_used_with_both_names_on_the_deed_and_only_with_consent() {
    let loan = Loan::new();
    let house = &loan.council.house;
    let request = loan.lend(house.officer, |_| {}).unwrap().request.unwrap();
    assert!(!loan.may());
    assert_eq!(loan.lenders(), []);
    loan.council.approve(loan.head, request).unwrap();
    assert!(loan.may());
    assert!(!house.may(loan.clerk, &UNIT_MANAGE, house.planning), "not in their own name");
    house
        .platform
        .perform(&loan.on_behalf(), |call| rename_unit(call, house.planning, "Sở Kế hoạch"))
        .unwrap();
    let expected = Actor::Person { account: loan.clerk, on_behalf_of: Some(house.officer) };
    assert_eq!(house.last().entry.actor, expected);
    let listed = house.as_person(loan.clerk, |call| lenders(call)).unwrap();
    let [lender] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((lender.account, lender.grants.as_slice()), (house.officer, &[loan.grant][..]));
    assert_eq!(lender.until, Some(moment("2026-03-12T00:00:00Z")));
}

#[test]
fn consent_is_for_the_head_of_the_lenders_unit_or_for_who_stands_above() {
    let loan = Loan::new();
    let house = &loan.council.house;
    let request = || loan.lend(house.officer, |_| {}).unwrap().request.unwrap();
    let asked = request();
    denied(loan.council.approve(house.officer, asked));
    house.admin(|call| give(call, house.officer, "dinh.director", house.planning));
    assert_eq!(refused(loan.council.approve(house.officer, asked)), "second-person");
    denied(loan.council.approve(loan.clerk, asked));
    denied(loan.council.approve(house.admin, asked));
    loan.council.approve(loan.council.planner, asked).unwrap();
    let asked = request();
    loan.council.approve(loan.council.director, asked).unwrap();
    // The head lends: the head of the unit above consents.
    let grant =
        house.admin(|call| accounts::grants_to(call, Grantee::Account(loan.head))).first().unwrap().id;
    let asked = loan.lend(loan.head, |new| new.grants = vec![grant]).unwrap().request.unwrap();
    denied(loan.council.approve(loan.head, asked));
    loan.council.approve(house.admin, asked).unwrap();
    // The head borrows: also the head above.
    let asked = loan.lend(house.officer, |new| new.borrower = loan.head).unwrap().request.unwrap();
    denied(loan.council.approve(loan.head, asked));
    loan.council.approve(house.admin, asked).unwrap();
}

#[test]
fn a_delegation_lasts_for_its_term_and_while_the_lender_has_the_right() {
    let loan = Loan::new();
    let house = &loan.council.house;
    loan.begin();
    house.clock.set(moment("2026-03-11T23:59:59Z"));
    assert!(loan.may());
    house.clock.set(moment("2026-03-12T00:00:00Z"));
    assert!(!loan.may());
    assert_eq!(loan.lenders(), []);
    house.clock.set(moment("2026-03-11T00:00:00Z"));
    assert!(loan.may(), "the term alone decides, also when the clock is set back");
    house.admin(|call| withdraw(call, loan.grant, ""));
    assert!(!loan.may());
    assert_eq!(loan.lenders(), []);
}

#[test]
fn it_ends_with_the_lenders_account_and_by_either_at_once() {
    let loan = Loan::new();
    let house = &loan.council.house;
    loan.begin();
    house.admin(|call| suspend(call, house.officer, ""));
    assert!(!loan.may());
    assert_eq!(loan.lenders(), []);
    house.admin(|call| accounts::activate(call, house.officer));
    assert!(loan.may());
    let all = house.as_person(loan.clerk, |call| delegations_of(call, loan.clerk)).unwrap();
    let id = all.first().unwrap().id;
    denied(house.as_person(house.admin, |call| end_delegation(call, id, "")));
    denied(house.as_person(house.admin, |call| get_delegation(call, id)));
    denied(house.as_person(house.admin, |call| delegations_of(call, loan.clerk)));
    house.as_person(loan.clerk, |call| end_delegation(call, id, "đã xong")).unwrap();
    assert!(!loan.may());
    assert_eq!(house.last().entry.action, "delegation.ended");
    let seq = house.seq();
    for who in [house.officer, loan.head, loan.council.director] {
        house.as_person(who, |call| end_delegation(call, id, "")).unwrap();
        let ended = house.as_person(who, |call| get_delegation(call, id)).unwrap().ended;
        assert_eq!(ended.unwrap().by, Some(loan.clerk));
    }
    assert_eq!(house.seq(), seq, "it ends once");
}

#[test]
fn nobody_lends_what_is_not_theirs_nor_to_whom_it_cannot_be_lent() {
    let loan = Loan::new();
    let house = &loan.council.house;
    let officer = house.officer;
    assert_eq!(refused(loan.lend(officer, |new| new.borrower = officer)), "delegation-to-oneself");
    assert_eq!(refused(loan.lend(loan.head, |_| {})), "delegation-of-ones-own");
    assert_eq!(refused(loan.lend(officer, |new| new.term.until = None)), "delegation-has-an-end");
    let year = |days: i64| moment("2026-03-02T00:00:00Z") + jiff::SignedDuration::from_hours(24 * days);
    loan.lend(officer, |new| new.term.until = Some(year(366))).unwrap();
    let longer = |new: &mut NewDelegation| {
        new.term.until = Some(year(366) + jiff::SignedDuration::from_micros(1));
    };
    assert_eq!(refused(loan.lend(officer, longer)), "delegation-too-long");
    assert!(
        ruled(loan.lend(officer, |new| new.term.until = Some(new.term.from))).contains("before it begins")
    );
    let past = |new: &mut NewDelegation| {
        new.term.from = moment("2026-02-01T00:00:00Z");
        new.term.until = Some(moment("2026-03-01T00:00:00Z"));
    };
    assert!(ruled(loan.lend(officer, past)).contains("already over"));
    assert!(invalid(loan.lend(officer, |new| new.grants.clear())).contains("1 to 100"));
    assert!(invalid(loan.lend(officer, |new| new.grants = vec![loan.grant; 101])).contains("1 to 100"));
    assert!(invalid(loan.lend(officer, |new| new.reason.clear())).contains("reason"));
    let unknown = loan.lend(officer, |new| new.grants = vec![GrantId(99)]);
    assert!(matches!(unknown, Err(ServiceError::NotFound { .. })));
    house.admin(|call| accounts::close(call, loan.clerk, ""));
    assert_eq!(refused(loan.lend(officer, |_| {})), "delegation-to-the-active");
    let operator = house.platform.origin(Actor::Public, Language::Vi).as_operator();
    let beside = house.platform.perform(&operator, |call| lend(call, loan.terms()));
    assert!(invalid(beside).contains("Only the person"));
}

#[test]
fn what_was_lent_is_not_lent_on() {
    let loan = Loan::new();
    loan.begin();
    let on = loan.lend(loan.clerk, |new| new.borrower = loan.head);
    assert_eq!(refused(on), "delegation-of-a-delegation");
    let mut new = loan.terms();
    new.borrower = loan.head;
    let on = loan.council.house.platform.perform(&loan.on_behalf(), |call| lend(call, new.clone()));
    assert_eq!(refused(on), "delegation-of-a-delegation");
}

#[test]
fn consent_falls_when_the_grant_or_the_borrower_went_meanwhile() {
    let loan = Loan::new();
    let house = &loan.council.house;
    let first = loan.lend(house.officer, |_| {}).unwrap().request.unwrap();
    house.admin(|call| suspend(call, loan.clerk, ""));
    assert_eq!(refused(loan.council.approve(loan.head, first)), "delegation-to-the-active");
    house.admin(|call| accounts::activate(call, loan.clerk));
    house.admin(|call| withdraw(call, loan.grant, ""));
    assert_eq!(refused(loan.council.approve(loan.head, first)), "delegation-of-ones-own");
    house.clock.set(moment("2026-03-12T00:00:00Z"));
    assert!(ruled(loan.council.approve(loan.head, first)).contains("already over"));
}

#[test]
fn a_grant_by_position_is_lent_while_the_lender_holds_it() {
    let loan = Loan::new();
    let house = &loan.council.house;
    let (position, grant) = house.admin(|call| {
        let title = Localized::new("Chánh văn phòng", "Chief of office");
        let position = create_position(call, NewPosition { unit: house.planning, title })?;
        let mut grant = new_grant(house.officer, "dinh.unit-administrator", house.planning);
        grant.to = Grantee::Position(position);
        let grant = give_this(call, grant)?;
        at_once(call, |call| hold(call, house.officer, position, Term::ALWAYS, ""))?;
        Ok((position, grant))
    });
    let asked = loan.lend(house.officer, |new| new.grants = vec![grant]).unwrap();
    loan.council.approve(loan.head, asked.request.unwrap()).unwrap();
    house.admin(|call| withdraw(call, loan.grant, ""));
    assert!(loan.may());
    house.admin(|call| accounts::release(call, house.officer, position));
    assert!(!loan.may());
    assert_eq!(loan.lenders(), []);
}

#[test]
fn lent_rights_do_not_make_a_second_person_of_whoever_asked() {
    let loan = Loan::new();
    let council = &loan.council;
    let house = &council.house;
    // The administrator is a director, too, and lends that to the clerk, as the head of the province allows.
    let grant = house.admin(|call| give(call, house.admin, "dinh.director", house.province));
    let asked = loan.lend(house.admin, |new| new.grants = vec![grant]).unwrap();
    council.approve(council.director, asked.request.unwrap()).unwrap();
    let request = house.admin(|call| ask(call, house.officer, "pci-index.reader", house.planning));
    let actor = Actor::Person { account: loan.clerk, on_behalf_of: Some(house.admin) };
    let origin = house.platform.origin(actor, Language::Vi);
    let approved = house.platform.perform(&origin, |call| accounts::approve(call, request));
    assert_eq!(refused(approved), "second-person");
    // For what somebody else asked it is good.
    let other =
        house.as_person(loan.head, |call| ask(call, house.officer, "pci-index.reader", house.planning));
    house
        .platform
        .perform(&origin, |call| accounts::approve(call, other.as_ref().copied().unwrap()))
        .unwrap();
}
