//! `dinh-peers NAME SETTING`: one peer for the table of benches.
//!
//! Reads the setting, writes the answer to each question, `0` or `1`, in one line. From then on it reads a number from
//! each line, decides so many questions, one after the other, and writes how many nanoseconds that took.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::hint::black_box;
use std::time::Instant;

use dinh_peers::peer;
use dinh_peers::setting::Setting;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [name, file] = words.as_slice() else { panic!("usage: dinh-peers NAME SETTING") };
    let setting: Setting = postcard::from_bytes(&std::fs::read(file).unwrap()).unwrap();
    let mut peer = peer(name, &setting);
    let questions = 0..setting.questions.len();
    println!(
        "{}",
        questions.clone().map(|question| if peer(question) { '1' } else { '0' }).collect::<String>()
    );
    let mut next = questions.cycle();
    for line in std::io::stdin().lines() {
        let times: usize = line.unwrap().parse().unwrap();
        let start = Instant::now();
        for question in next.by_ref().take(times) {
            black_box(peer(black_box(question)));
        }
        println!("{}", start.elapsed().as_nanos());
    }
}
