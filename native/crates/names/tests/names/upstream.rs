//! A name server of the host's world, which behaves as it is told.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};

use domain::base::iana::Rcode;
use domain::base::{Message, MessageBuilder, Name};
use domain::rdata::A;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Over {
    Udp,
    Tcp,
}

/// The packets that answer a question, none or many. Over TCP it is the first one.
type Behaviour = dyn Fn(&Message<Vec<u8>>, Over) -> Vec<Vec<u8>> + Send + Sync;

/// Stops with its value.
pub(crate) struct Upstream {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
    stopping: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Upstream {
    /// At 127.0.1.`last`, port 53.
    pub(crate) fn start(
        last: u8,
        behaviour: impl Fn(&Message<Vec<u8>>, Over) -> Vec<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self::start_at(IpAddr::from([127, 0, 1, last]), behaviour)
    }

    pub(crate) fn start_at(
        address: IpAddr,
        behaviour: impl Fn(&Message<Vec<u8>>, Over) -> Vec<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        let address = SocketAddr::new(address, 53);
        let udp = UdpSocket::bind(address).unwrap();
        let tcp = TcpListener::bind(address).unwrap();
        let behaviour: Arc<Behaviour> = Arc::new(behaviour);
        let asked = Arc::new(AtomicUsize::new(0));
        let stopping = Arc::new(AtomicBool::new(false));
        let serve_udp = {
            let (behaviour, asked, stopping) = (
                Arc::clone(&behaviour),
                Arc::clone(&asked),
                Arc::clone(&stopping),
            );
            move || datagrams(&udp, &*behaviour, &asked, &stopping)
        };
        let serve_tcp = {
            let (asked, stopping) = (Arc::clone(&asked), Arc::clone(&stopping));
            move || connections(&tcp, &*behaviour, &asked, &stopping)
        };
        Self {
            address,
            asked,
            stopping,
            threads: vec![thread::spawn(serve_udp), thread::spawn(serve_tcp)],
        }
    }

    /// How many questions it got, over UDP and TCP.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        let socket = UdpSocket::bind((self.address.ip(), 0)).unwrap();
        socket.send_to(&[], self.address).unwrap();
        drop(TcpStream::connect(self.address));
        for thread in self.threads.drain(..) {
            let ended = thread.join();
            assert!(ended.is_ok() || thread::panicking());
        }
    }
}

fn datagrams(
    socket: &UdpSocket,
    behaviour: &Behaviour,
    asked: &AtomicUsize,
    stopping: &AtomicBool,
) {
    let mut buffer = vec![0; 65535];
    loop {
        let (length, client) = socket.recv_from(&mut buffer).unwrap();
        if stopping.load(Ordering::SeqCst) {
            return;
        }
        asked.fetch_add(1, Ordering::SeqCst);
        let question = Message::from_octets(buffer[..length].to_vec()).unwrap();
        for packet in behaviour(&question, Over::Udp) {
            // Whoever asked may have stopped to wait.
            let _ = socket.send_to(&packet, client);
        }
    }
}

fn connections(
    listener: &TcpListener,
    behaviour: &Behaviour,
    asked: &AtomicUsize,
    stopping: &AtomicBool,
) {
    for stream in listener.incoming() {
        if stopping.load(Ordering::SeqCst) {
            return;
        }
        let mut stream = stream.unwrap();
        let mut length = [0; 2];
        if stream.read_exact(&mut length).is_err() {
            continue;
        }
        let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut question).unwrap();
        asked.fetch_add(1, Ordering::SeqCst);
        let question = Message::from_octets(question).unwrap();
        if let Some(answer) = behaviour(&question, Over::Tcp).first() {
            let length = (answer.len() as u16).to_be_bytes();
            let _ = stream.write_all(&[&length, answer.as_slice()].concat());
        }
    }
}

/// An answer with `count` addresses: 10.0.`server`.1 and so on.
pub(crate) fn addresses(question: &Message<Vec<u8>>, server: u8, count: u8) -> Vec<u8> {
    let builder = MessageBuilder::new_vec();
    let mut answer = builder.start_answer(question, Rcode::NOERROR).unwrap();
    let name: Name<Vec<u8>> = question
        .sole_question()
        .unwrap()
        .qname()
        .to_string()
        .parse()
        .unwrap();
    for last in 1..=count {
        let address = A::new(Ipv4Addr::new(10, 0, server, last));
        answer.push((&name, 60, address)).unwrap();
    }
    answer.finish()
}

pub(crate) fn failure(question: &Message<Vec<u8>>, rcode: Rcode) -> Vec<u8> {
    let builder = MessageBuilder::new_vec();
    builder.start_answer(question, rcode).unwrap().finish()
}

/// An answer that says that it is cut short, and is empty.
pub(crate) fn truncated(question: &Message<Vec<u8>>) -> Vec<u8> {
    let mut builder = MessageBuilder::new_vec();
    builder.header_mut().set_tc(true);
    let answer = builder.start_answer(question, Rcode::NOERROR).unwrap();
    answer.finish()
}
