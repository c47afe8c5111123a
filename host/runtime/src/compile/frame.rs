//! How native code crosses from the child to its host: whole, and said of what it is.
//!
//! ```text
//! "dinh-native-1\n" │ engine: 32 bytes │ SHA-256 of engine, component, code: 32 bytes │ code
//! ```

use sha2::{Digest, Sha256};

const MAGIC: &[u8] = b"dinh-native-1\n";

/// Bytes before the code.
pub(crate) const HEAD: usize = MAGIC.len() + 64;

/// The code with what it is.
pub(crate) fn wrap(engine: &[u8], component: &[u8; 32], code: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(HEAD + code.len());
    frame.extend_from_slice(MAGIC);
    frame.extend_from_slice(engine);
    frame.extend_from_slice(&sum(engine, component, code));
    frame.extend_from_slice(code);
    frame
}

/// The code, where it is whole, for this engine, and of this component.
pub(crate) fn unwrap(engine: &[u8], component: &[u8; 32], mut frame: Vec<u8>) -> Option<Vec<u8>> {
    let head = frame.get(..HEAD)?;
    let (ours, told) = head.strip_prefix(MAGIC)?.split_at_checked(32)?;
    if ours != engine || told != sum(engine, component, frame.get(HEAD..)?) {
        return None;
    }
    frame.drain(..HEAD);
    Some(frame)
}

fn sum(engine: &[u8], component: &[u8; 32], code: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(engine).chain_update(component).chain_update(code).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_taken_only_whole_for_this_engine_and_of_this_component() {
        let frame = || wrap(&[1; 32], &[2; 32], b"native code");
        assert_eq!(unwrap(&[1; 32], &[2; 32], frame()).as_deref(), Some(&b"native code"[..]));
        assert_eq!(unwrap(&[3; 32], &[2; 32], frame()), None, "another engine");
        assert_eq!(unwrap(&[1; 32], &[3; 32], frame()), None, "another component");
        for length in 0..frame().len() {
            assert_eq!(unwrap(&[1; 32], &[2; 32], frame()[..length].to_vec()), None, "{length} bytes");
        }
        for place in 0..frame().len() {
            let mut changed = frame();
            changed[place] ^= 1;
            assert_eq!(unwrap(&[1; 32], &[2; 32], changed), None, "byte {place}");
        }
    }
}
