//! Telling one subscriber: its call, and how far it was told, are one change.

use dinh_model::{Actor, ContractId, Language, PluginId};
use dinh_services::sharing::feed::{self, Batch, Failed, Look, ROWS_AT_ONCE, Subscription, Waits, What};
use dinh_services::{Call, Origin, ServiceError};
use wasmtime::Store;

use crate::answer::{Answer, Question};
use crate::bindings::{events, pages};
use crate::call::{Deed, Failure};
use crate::ending::fault;
use crate::imports::convert::to_record_id;
use crate::native::Refused;
use crate::prepared::Guest;
use crate::runtime::House;
use crate::state::State;
use crate::view::ViewProblem;
use crate::{CallError, Native, Plugin};

/// Calls for one subscription before another may have its turn.
const CALLS_AT_ONCE: usize = 16;

/// How far telling a subscriber has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// There is nothing more to tell at present.
    Done,
    /// There is more.
    More,
    /// It has to wait for people, for another plugin, or for the host itself.
    Waits,
    /// What failed is tried again after this moment: microseconds since 1970.
    Later(i64),
}

/// What came of one call.
enum Told {
    /// It was told, or there was nothing in it for it.
    Done,
    Nothing,
    Waits(Waits),
    Over,
    /// It failed to digest this.
    Failed(Batch, &'static str),
}

impl House {
    /// Tells a subscriber what comes next.
    pub(crate) fn tell(&self, contract: ContractId) -> Progress {
        match self.told(contract) {
            Ok(progress) => progress,
            Err(error) => {
                // Nobody's fault that is known: it is tried again.
                tracing::warn!(%contract, %error, "a subscriber could not be told of changes yet");
                if let Err(error) = self.waits(contract, Waits::Host) {
                    tracing::warn!(%contract, %error, "nor could that be noted");
                }
                Progress::Waits
            }
        }
    }

    fn told(&self, contract: ContractId) -> Result<Progress, CallError> {
        let Some(subscription) = self.subscription(contract)? else { return Ok(Progress::Done) };
        let plugin = self.plugins.load().get(&subscription.consumer).cloned();
        let Some(plugin) = plugin else { return self.waits(contract, Waits::NoConsumer) };
        // What has failed before comes alone.
        let mut singly = usize::from(subscription.failures > 0);
        for _ in 0..CALLS_AT_ONCE {
            // What is out is told nothing, and nothing counts against it.
            let Ok(pass) = self.enter(&plugin, Language::default()) else {
                return self.waits(contract, Waits::Out);
            };
            let most = if singly > 0 { 1 } else { ROWS_AT_ONCE };
            match self.tell_once(&plugin, contract, most)? {
                Told::Nothing => return Ok(Progress::Done),
                Told::Waits(why) => return self.waits(contract, why),
                Told::Over => self.host_deed(|call| feed::hand_over(call, contract))?,
                Told::Done => singly = singly.saturating_sub(1),
                Told::Failed(..) if pass.is_trial() => return self.waits(contract, Waits::Out),
                Told::Failed(batch, _) if batch.told().len() > 1 => singly = batch.told().len(),
                Told::Failed(batch, why) => {
                    let failed = self.host_deed(|call| feed::failed(call, contract, &batch, why))?;
                    match failed {
                        Failed::Later(due) => return Ok(Progress::Later(due)),
                        Failed::Parked => singly = singly.saturating_sub(1),
                        Failed::Forgotten => return Ok(Progress::Done),
                    }
                }
            }
        }
        Ok(Progress::More)
    }

    fn waits(&self, contract: ContractId, why: Waits) -> Result<Progress, CallError> {
        self.host_deed(|call| feed::waits(call, contract, why))?;
        Ok(Progress::Waits)
    }

    /// The subscriptions that have something to be told and may be told now, each with how many entries it is behind.
    pub(crate) fn due(&self) -> Result<Vec<(Subscription, u64)>, ServiceError> {
        let now = dinh_model::time::microseconds(self.platform.clock().now());
        let today = dinh_model::time::day_in_vietnam(self.platform.clock().now());
        let mut due = feed::due(&self.platform.store().snapshot()?, today)?;
        due.retain(|(subscription, behind)| *behind > 0 && subscription.due <= now);
        Ok(due)
    }

    fn subscription(&self, contract: ContractId) -> Result<Option<Subscription>, ServiceError> {
        let call = self.platform.begin_reading(&self.own_origin()?)?;
        feed::find_subscription(&call, contract)
    }

    /// One call of the subscriber, run again when others changed what it read.
    fn tell_once(&self, plugin: &Plugin, contract: ContractId, most: usize) -> Result<Told, CallError> {
        let actor = Actor::Service(plugin.manifest.id.clone());
        let origin = self.platform.origin(actor, Language::default());
        let deed = Deed { house: self, plugin, origin: &origin, path: "", query: &[] };
        self.in_lane(plugin, || deed.tell(contract, most))
    }

    /// A deed of the host itself.
    pub(crate) fn host_deed<T>(
        &self,
        deed: impl FnMut(&mut Call) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        self.platform.perform(&self.own_origin()?, deed)
    }

    fn own_origin(&self) -> Result<Origin, ServiceError> {
        let damaged = |_| ServiceError::Damaged { what: "the platform's own id".to_owned() };
        let platform: PluginId = PluginId::PLATFORM.parse().map_err(damaged)?;
        Ok(self.platform.origin(Actor::Service(platform), Language::En))
    }
}

impl Deed<'_> {
    fn tell(&self, contract: ContractId, most: usize) -> Result<Told, Failure> {
        let mut call = Box::new(self.house.platform.begin(self.origin)?);
        self.bound(&mut call);
        let Some(subscription) = feed::find_subscription(&call, contract)? else { return Ok(Told::Nothing) };
        let provider = self.house.plugins.load().get(&subscription.provider).cloned();
        let data = provider.as_ref().map(|plugin| plugin.data.as_ref());
        let batch = match feed::look(&mut call, &subscription, data, most).map_err(ServiceError::from)? {
            Look::Nothing => return Ok(Told::Nothing),
            Look::Over => return Ok(Told::Over),
            Look::Waits(why) => return Ok(Told::Waits(why)),
            Look::Batch(batch) => batch,
        };
        call.hops = batch.hops;
        let told = batch.told().len();
        let mut call = match event(&subscription, &batch) {
            None => call,
            Some(event) => {
                let answer = self.answer(call, None, question(&event))?;
                answer.call.policy_in_force()?;
                let Answer { mut call, given } = answer;
                match given {
                    Ok(()) => call,
                    Err(Failure::Conflict) => return Err(Failure::Conflict),
                    Err(Failure::Final(error)) => {
                        self.house.platform.witness(call.take_witnessed())?;
                        let Some(why) = fault(&error) else { return Err(Failure::Final(error)) };
                        return Ok(Told::Failed(batch, why));
                    }
                }
            }
        };
        feed::moved(&mut call, &subscription, &batch)?;
        if told > 0 {
            let detail = [
                ("wanted", subscription.wanted.clone()),
                ("told", told.to_string()),
                ("records", call.usage.records_written.to_string()),
            ];
            call.evidence("changes.told", format!("contract:{contract}"), detail);
        }
        let refused = call.take_refused();
        self.house.platform.commit(*call)?;
        self.house.platform.witness(refused)?;
        Ok(Told::Done)
    }
}

/// The event as the guest has it; none when there is nothing to call it for.
fn event(subscription: &Subscription, batch: &Batch) -> Option<events::Event> {
    let wanted = subscription.wanted.clone();
    Some(match &batch.what {
        What::Begun => events::Event::Begun(wanted),
        What::Ended => events::Event::Ended(wanted),
        What::Changed(told) if told.is_empty() => return None,
        What::Changed(told) => {
            let changes = told.iter().map(|told| events::Change {
                id: to_record_id(told.id),
                standing: if told.present { events::Standing::Present } else { events::Standing::Left },
            });
            events::Event::Changed(events::Changes { wanted, changes: changes.collect() })
        }
    })
}

/// What is told to a guest; built in, nobody is told of anything.
pub(super) fn question<'q>(
    event: &'q events::Event,
) -> Question<impl FnOnce(&Guest<'_, State>, &mut Store<State>) -> Heard + 'q, Built, Nothing> {
    let guest = |guest: &Guest<'_, State>, store: &mut Store<State>| {
        Ok(guest.handle(store, event)?.map_err(pages::Refusal::Failed))
    };
    Question { guest, native: |_, _| Ok(()), look: |()| Ok(0) }
}

pub(super) type Heard = wasmtime::Result<Result<(), pages::Refusal>>;
pub(super) type Built = fn(&dyn Native, &mut Call) -> Result<(), Refused>;
pub(super) type Nothing = fn(&()) -> Result<u64, ViewProblem>;
