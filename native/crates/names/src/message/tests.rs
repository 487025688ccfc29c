use std::net::{IpAddr, Ipv4Addr};

use domain::base::iana::Rcode;
use domain::base::{Message, MessageBuilder, Name, Rtype};
use domain::rdata::{A, Txt};

use super::*;

const ID: u16 = 0x1234;

fn question(name: &str, rtype: Rtype, udp_size: Option<u16>) -> Vec<u8> {
    let mut builder = MessageBuilder::new_vec();
    builder.header_mut().set_id(ID);
    builder.header_mut().set_rd(true);
    let mut question = builder.question();
    let name: Name<Vec<u8>> = name.parse().unwrap();
    question.push((name, rtype)).unwrap();
    let mut additional = question.additional();
    if let Some(size) = udp_size {
        let opt = additional.opt(|opt| {
            opt.set_udp_payload_size(size);
            Ok(())
        });
        opt.unwrap();
    }
    additional.finish()
}

fn query(bytes: &[u8]) -> Query<'_> {
    match receive(bytes) {
        Received::Query(query) => query,
        other => panic!("{other:?}"),
    }
}

fn refusal(bytes: &[u8]) -> Rcode {
    match receive(bytes) {
        Received::Refused(refusal) => {
            let message = Message::from_octets(refusal).unwrap();
            assert!(message.header().qr());
            assert_eq!(message.header().id(), ID);
            message.header().rcode()
        }
        other => panic!("{other:?}"),
    }
}

fn addresses(count: u8) -> Records {
    let address = |last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last));
    Records::Addresses((0..count).map(address).collect())
}

/// An upstream server's answer to `question`, with as many addresses.
fn answer(question: &[u8], count: u8) -> Vec<u8> {
    let question = Message::from_slice(question).unwrap();
    let builder = MessageBuilder::new_vec();
    let mut answer = builder.start_answer(question, Rcode::NOERROR).unwrap();
    let name: Name<Vec<u8>> = "example.test".parse().unwrap();
    for last in 0..count {
        let address = A::new(Ipv4Addr::new(10, 0, 0, last));
        answer.push((&name, 60, address)).unwrap();
    }
    let mut authority = answer.authority();
    let text = Txt::<Vec<u8>>::build_from_slice(&[b'x'; 100]).unwrap();
    authority.push((&name, 60, text)).unwrap();
    let mut additional = authority.additional();
    additional.opt(|_| Ok(())).unwrap();
    additional.finish()
}

#[test]
fn names_are_read_in_small_letters_without_the_last_dot() {
    let name = |text: &str| query(&question(text, Rtype::A, None)).name();
    assert_eq!(name("Web.Front."), Some("web.front".to_owned()));
    assert_eq!(name("my_app-1"), Some("my_app-1".to_owned()));
    assert_eq!(name("."), None);
    assert_eq!(
        name("a\\.b"),
        None,
        "a dot inside of a label is no dot between labels"
    );
    assert_eq!(name("a\\032b"), None);
}

#[test]
fn a_client_says_how_much_it_takes() {
    let limit = |size| query(&question("web", Rtype::A, size)).udp_limit;
    assert_eq!(limit(None), 512);
    assert_eq!(limit(Some(100)), 512);
    assert_eq!(limit(Some(1232)), 1232);
    assert_eq!(limit(Some(65535)), MAX_UDP);
}

#[test]
fn what_is_no_question_is_refused_or_not_answered() {
    let good = question("web", Rtype::A, None);
    let changed = |index: usize, value: u8| {
        let mut bytes = good.clone();
        bytes[index] = value;
        bytes
    };
    assert!(matches!(receive(&good[..11]), Received::Ignored));
    assert!(
        matches!(receive(&changed(2, 0x80)), Received::Ignored),
        "an answer"
    );
    assert_eq!(refusal(&changed(2, 0x28)), Rcode::NOTIMP, "an update");
    assert_eq!(refusal(&changed(5, 0)), Rcode::FORMERR, "no question");
    assert_eq!(refusal(&changed(5, 2)), Rcode::FORMERR, "two questions");
    assert_eq!(refusal(&changed(7, 1)), Rcode::FORMERR, "an answer record");
    assert_eq!(refusal(&changed(11, 1)), Rcode::FORMERR, "a missing record");
    assert_eq!(refusal(&good[..14]), Rcode::FORMERR, "half a name");
    assert_eq!(refusal(&question("web", Rtype::AXFR, None)), Rcode::REFUSED);
}

#[test]
fn a_reply_repeats_the_question_and_bears_no_time_to_keep_it() {
    let asked = question("Web", Rtype::A, Some(1232));
    let bytes = reply(&query(&asked), &addresses(2), 1232);
    let reply = Message::from_octets(bytes).unwrap();
    assert!(reply.is_answer(Message::from_slice(&asked).unwrap()));
    assert_eq!(reply.first_question().unwrap().qname().to_string(), "Web");
    assert!(reply.header().ra() && reply.header().rd());
    let records: Vec<_> = reply.answer().unwrap().limit_to::<A>().flatten().collect();
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].data().addr(), Ipv4Addr::new(10, 0, 0, 0));
    assert_eq!(records[0].ttl().as_secs(), 0);
    assert!(reply.opt().is_some());
}

#[test]
fn a_reply_is_cut_to_what_the_client_takes() {
    for (size, limit) in [(None, 512), (Some(1232), 1232)] {
        let asked = question("web", Rtype::A, size);
        let bytes = reply(&query(&asked), &addresses(200), limit);
        assert!(
            bytes.len() <= limit && bytes.len() > limit - 40,
            "{}",
            bytes.len()
        );
        let message = Message::from_octets(bytes).unwrap();
        assert!(message.header().tc());
        assert_eq!(message.opt().is_some(), size.is_some());
        assert!(message.iter().all(|record| record.is_ok()));
    }
}

#[test]
fn an_upstream_answer_that_is_too_long_keeps_whole_records_and_its_opt() {
    let whole = answer(&question("example.test", Rtype::A, None), 100);
    assert_eq!(fit(whole.clone(), MAX_TCP), whole);
    let cut = fit(whole, 512);
    assert!(cut.len() <= 512 && cut.len() > 440, "{}", cut.len());
    let message = Message::from_octets(cut).unwrap();
    assert!(message.header().tc());
    assert!(message.opt().is_some());
    assert!(message.iter().all(|record| record.is_ok()));
    assert_eq!(message.header_counts().nscount(), 0);
    let kept = usize::from(message.header_counts().ancount());
    assert_eq!(message.answer().unwrap().limit_to::<A>().count(), kept);
}

#[test]
fn only_the_answer_to_the_very_question_is_taken() {
    let asked = question("example.test", Rtype::A, None);
    let judged = |bytes: &[u8]| judge(Message::from_slice(&asked).unwrap(), bytes);
    let good = answer(&asked, 2);
    let changed = |change: fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        judged(&bytes)
    };
    assert_eq!(judged(&good), Upstream::Answer);
    assert_eq!(changed(|it| it[0] ^= 1), Upstream::Foreign, "another id");
    assert_eq!(
        changed(|it| it[13] = b'f'),
        Upstream::Foreign,
        "another name"
    );
    assert_eq!(changed(|it| it[2] &= 0x7f), Upstream::Foreign, "a question");
    assert_eq!(changed(|it| it.truncate(40)), Upstream::Foreign, "damaged");
    assert_eq!(changed(|it| it[2] |= 0x02), Upstream::Truncated);
    assert_eq!(changed(|it| it[3] |= 2), Upstream::Failure, "SERVFAIL");
    assert_eq!(changed(|it| it[3] |= 5), Upstream::Failure, "REFUSED");
    assert_eq!(changed(|it| it[3] |= 3), Upstream::Answer, "NXDOMAIN");
    let bare = [&good[..3], &[5], &[0; 8][..]].concat();
    assert_eq!(
        judged(&bare),
        Upstream::Failure,
        "REFUSED without the question"
    );
}

#[test]
fn the_size_that_is_said_to_be_taken_is_lowered_never_raised() {
    let size = |bytes: &[u8]| {
        let message = Message::from_slice(bytes).unwrap();
        message.opt().map(|opt| opt.udp_payload_size())
    };
    for (said, left) in [
        (Some(65535), Some(4096)),
        (Some(1232), Some(1232)),
        (None, None),
    ] {
        let mut bytes = question("web", Rtype::A, said);
        limit_size(&mut bytes, 4096);
        assert_eq!(size(&bytes), left);
    }
}

/// A repeatable stream of numbers (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}

/// Random bytes, or a message with some bytes changed and its end cut off or grown.
fn damaged(numbers: &mut Numbers, messages: &[Vec<u8>]) -> Vec<u8> {
    if numbers.below(4) == 0 {
        let length = numbers.below(600);
        return (0..length).map(|_| numbers.next() as u8).collect();
    }
    let mut bytes = messages[numbers.below(messages.len())].clone();
    for _ in 0..numbers.below(6) {
        let index = numbers.below(bytes.len());
        // Pointers to names, and counts, are where parsers go wrong.
        bytes[index] = [0xc0, 0xff, 0, 1, 0x3f, numbers.next() as u8][numbers.below(6)];
    }
    match numbers.below(3) {
        0 => bytes.truncate(numbers.below(bytes.len())),
        1 => bytes.extend((0..numbers.below(40)).map(|_| numbers.next() as u8)),
        _ => {}
    }
    bytes
}

#[test]
fn no_bytes_make_it_panic_or_answer_with_what_is_no_message() {
    let messages = [
        question("web.front.example.test", Rtype::A, Some(1232)),
        question("web", Rtype::AAAA, None),
        answer(&question("example.test", Rtype::A, Some(512)), 40),
    ];
    let asked = question("example.test", Rtype::A, None);
    let mut numbers = Numbers(0x5eed);
    for round in 0..20_000 {
        let bytes = damaged(&mut numbers, &messages);
        let limit = MIN_UDP + numbers.below(1024);
        let replies = match receive(&bytes) {
            Received::Query(query) => vec![
                reply(&query, &addresses(numbers.below(100) as u8), limit),
                reply(
                    &query,
                    &Records::Pointer(query.name().unwrap_or_default()),
                    limit,
                ),
                failure(&query, Rcode::SERVFAIL),
            ],
            Received::Refused(refusal) => vec![refusal],
            Received::Ignored => Vec::new(),
        };
        for reply in replies {
            assert!(reply.len() <= limit, "round {round}: {bytes:?}");
            let message = Message::from_octets(reply).unwrap();
            assert!(message.iter().all(|record| record.is_ok()), "round {round}");
        }
        let _ = judge(Message::from_slice(&asked).unwrap(), &bytes);
        assert!(
            fit(bytes.clone(), limit).len() <= limit,
            "round {round}: {bytes:?}"
        );
        limit_size(&mut bytes.clone(), 512);
    }
}
