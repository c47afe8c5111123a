//! Builds one plugin from the command line: `cargo run -p dinh-plugin-build --example build -- DIR OUT`.
#![allow(clippy::print_stderr)]

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(dir), Some(out)) = (arguments.next(), arguments.next()) else {
        return Err("usage: build DIR OUT".into());
    };
    dinh_plugin_build::build(dir.as_ref(), out.as_ref(), &mut |line| eprintln!("{line}"))?;
    Ok(())
}
