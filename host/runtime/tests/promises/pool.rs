//! What a guest leaves in the pool is zero for whoever comes next.

use dinh_runtime::engine::{self, InUse};
use wasmtime::{Engine, Instance, Module, Store};

/// Marks all of its memory and its table, or looks for marks; then it breaks off.
const GUEST: &str = r#"(module
  (memory 16)
  (table $t 1000 funcref)
  (elem declare func $mark)
  (func $mark (export "mark")
    (memory.fill (i32.const 0) (i32.const 0x5a) (i32.const 1048576))
    (table.fill $t (i32.const 0) (ref.func $mark) (i32.const 1000))
    (unreachable))
  (func (export "look") (result i64) (local $i i32) (local $seen i64)
    (loop
      (local.set $seen (i64.or (local.get $seen) (i64.load (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 8)))
      (br_if 0 (i32.lt_u (local.get $i) (i32.const 1048576))))
    (local.set $i (i32.const 0))
    (loop
      (if (i32.eqz (ref.is_null (table.get $t (local.get $i)))) (then (local.set $seen (i64.const 1))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if 0 (i32.lt_u (local.get $i) (i32.const 1000))))
    (local.get $seen)))"#;

fn instance(engine: &Engine, module: &Module) -> (Store<()>, Instance) {
    let mut store = Store::new(engine, ());
    store.set_epoch_deadline(u64::MAX / 2);
    let instance = Instance::new(&mut store, module, &[]).unwrap();
    (store, instance)
}

/// Marks every memory and table that the pool has, and breaks off with them in hand.
fn mark_everything(engine: &Engine, module: &Module, slots: usize) {
    let mut held: Vec<_> = (0..slots).map(|_| instance(engine, module)).collect();
    // There is no further one: all are marked.
    assert!(Instance::new(Store::new(engine, ()), module, &[]).is_err());
    assert_eq!(engine::in_use(engine).memories, slots);
    for (store, instance) in &mut held {
        let mark = instance.get_typed_func::<(), ()>(&mut *store, "mark").unwrap();
        assert!(mark.call(&mut *store, ()).is_err());
    }
}

#[test]
fn every_memory_and_table_of_the_pool_is_zero_for_the_next_guest_its_own_or_a_strangers() {
    const SLOTS: usize = 4;
    let engine = engine::start(2).unwrap();
    let own = Module::new(&engine, wat::parse_str(GUEST).unwrap()).unwrap();
    let stranger = Module::new(&engine, wat::parse_str(GUEST).unwrap()).unwrap();
    for next in [&own, &stranger, &own] {
        mark_everything(&engine, &own, SLOTS);
        assert_eq!(engine::in_use(&engine), InUse::default());
        let mut held: Vec<_> = (0..SLOTS).map(|_| instance(&engine, next)).collect();
        for (store, instance) in &mut held {
            let look = instance.get_typed_func::<(), i64>(&mut *store, "look").unwrap();
            assert_eq!(look.call(&mut *store, ()).unwrap(), 0);
        }
    }
}
