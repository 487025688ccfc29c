//! A program in a container that asks 127.0.0.11.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use domain::base::iana::Rcode;
use domain::base::{Message, MessageBuilder, Name, Rtype};
use domain::rdata::{A, Aaaa, Ptr};

pub(crate) const SERVER: ([u8; 4], u16) = ([127, 0, 0, 11], 53);

/// Longer than any answer takes; a test that waits so long fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// One UDP socket, as long-lived clients have it.
pub(crate) struct Client {
    socket: UdpSocket,
    pub(crate) udp_size: Option<u16>,
}

pub(crate) struct Answer {
    pub(crate) message: Message<Vec<u8>>,
}

impl Client {
    pub(crate) fn new() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.connect(SocketAddr::from(SERVER)).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self {
            socket,
            udp_size: None,
        }
    }

    pub(crate) fn ask(&self, name: &str, rtype: Rtype) -> Answer {
        self.try_ask(name, rtype).unwrap()
    }

    pub(crate) fn try_ask(&self, name: &str, rtype: Rtype) -> io::Result<Answer> {
        let question = self.send(name, rtype);
        Ok(Answer::to(&question, self.receive_bytes()?))
    }

    /// Sends a question and waits for no answer.
    pub(crate) fn send(&self, name: &str, rtype: Rtype) -> Vec<u8> {
        let question = self.question(name, rtype);
        self.send_bytes(&question);
        question
    }

    pub(crate) fn send_bytes(&self, bytes: &[u8]) {
        self.socket.send(bytes).unwrap();
    }

    /// The next answer, whatever it is to.
    pub(crate) fn receive(&self) -> Answer {
        let received = self.receive_bytes().unwrap();
        Answer {
            message: Message::from_octets(received).unwrap(),
        }
    }

    /// A receive that can time out is interrupted when the process is stopped and continued (signal(7)).
    fn receive_bytes(&self) -> io::Result<Vec<u8>> {
        let mut buffer = vec![0; 65535];
        loop {
            match self.socket.recv(&mut buffer) {
                Ok(length) => return Ok(buffer[..length].to_vec()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The addresses of a name.
    pub(crate) fn resolve(&self, name: &str) -> Vec<IpAddr> {
        self.ask(name, Rtype::A).addresses()
    }

    pub(crate) fn question(&self, name: &str, rtype: Rtype) -> Vec<u8> {
        let mut builder = MessageBuilder::new_vec();
        builder.header_mut().set_id(name.len() as u16 + 0x4200);
        builder.header_mut().set_rd(true);
        let mut question = builder.question();
        let name: Name<Vec<u8>> = name.parse().unwrap();
        question.push((name, rtype)).unwrap();
        let mut additional = question.additional();
        if let Some(size) = self.udp_size {
            let opt = additional.opt(|opt| {
                opt.set_udp_payload_size(size);
                Ok(())
            });
            opt.unwrap();
        }
        additional.finish()
    }
}

/// Asks over TCP, from within the container.
pub(crate) struct Connection(TcpStream);

impl Connection {
    pub(crate) fn open() -> Self {
        let stream = TcpStream::connect(SocketAddr::from(SERVER)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }

    pub(crate) fn ask(&mut self, question: &[u8]) -> Answer {
        let length = (question.len() as u16).to_be_bytes();
        self.0.write_all(&[&length, question].concat()).unwrap();
        let mut length = [0; 2];
        self.0.read_exact(&mut length).unwrap();
        let mut received = vec![0; usize::from(u16::from_be_bytes(length))];
        self.0.read_exact(&mut received).unwrap();
        Answer::to(question, received)
    }

    /// Sends bytes that are no question; the server closes the connection.
    pub(crate) fn is_closed_after(&mut self, bytes: &[u8]) -> bool {
        self.0.write_all(bytes).unwrap();
        match self.0.read_exact(&mut [0]) {
            Ok(()) => false,
            Err(error) => matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset
            ),
        }
    }
}

impl Answer {
    fn to(question: &[u8], received: Vec<u8>) -> Self {
        let message = Message::from_octets(received).unwrap();
        let question = Message::from_slice(question).unwrap();
        assert!(message.is_answer(question), "an answer to something else");
        Self { message }
    }

    pub(crate) fn rcode(&self) -> Rcode {
        self.message.header().rcode()
    }

    pub(crate) fn addresses(&self) -> Vec<IpAddr> {
        let ipv4 = self.message.answer().unwrap().limit_to::<A>();
        let ipv6 = self.message.answer().unwrap().limit_to::<Aaaa>();
        let ipv4 = ipv4.map(|record| record.unwrap().data().addr().into());
        ipv4.chain(ipv6.map(|record| record.unwrap().data().addr().into()))
            .collect()
    }

    pub(crate) fn pointer(&self) -> String {
        let mut records = self.message.answer().unwrap().limit_to::<Ptr<_>>();
        records.next().unwrap().unwrap().data().to_string()
    }

    pub(crate) fn is_truncated(&self) -> bool {
        self.message.header().tc()
    }
}
