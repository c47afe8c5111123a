//! Any bytes are a package or refused. An input is a list of sections to be put together, after the first two bytes
//! have said how: a component's head, and each section with its true length, or the bytes as they are.

use dinh_runtime::Package;

/// The head of a component (layer 1) and of a core module (layer 0).
const HEADS: [&[u8]; 2] = [b"\0asm\x0d\0\x01\0", b"\0asm\x01\0\0\0"];

pub fn run(bytes: &[u8]) {
    let made = made(bytes);
    match Package::read(&made) {
        Ok(package) => {
            assert!(
                made.windows(package.manifest_text.len())
                    .any(|part| part == package.manifest_text.as_bytes())
            );
            assert_eq!(package.hash, Package::read(&made).unwrap().hash);
        }
        Err(error) => assert!(error.to_string().len() <= made.len() + 4_096),
    }
}

/// `how · (section id · kind · length (2 bytes) · bytes)*`; a custom section of kind 1 is a manifest, 2 a file of a
/// form, 3 to 6 anything that names what the platform looks for.
fn made(bytes: &[u8]) -> Vec<u8> {
    let Some((how, mut rest)) = bytes.split_first() else { return Vec::new() };
    if how & 1 == 1 {
        return rest.to_vec();
    }
    let mut made = HEADS[usize::from(how >> 1 & 1)].to_vec();
    while let [section, kind, low, high, body @ ..] = rest {
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(body.len());
        let (body, after) = body.split_at(length);
        let mut content = Vec::new();
        if section % 13 == 0 {
            let name: &[u8] = match kind % 4 {
                0 => b"",
                1 => b"dinh:manifest",
                2 => b"dinh:file/prints/a.typ",
                _ => b"name",
            };
            leb(name.len(), &mut content);
            content.extend(name);
        }
        content.extend(body);
        made.push(section % 13);
        leb(content.len() + usize::from(*kind >= 250), &mut made);
        made.extend(content);
        rest = after;
    }
    made
}

/// A number as WebAssembly writes it.
fn leb(mut number: usize, into: &mut Vec<u8>) {
    loop {
        let byte = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        into.push(if number > 0 { byte | 0x80 } else { byte });
        if number == 0 {
            return;
        }
    }
}
