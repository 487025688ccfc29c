use std::collections::BTreeSet;
use std::io;

use super::message::{self, Family, Operation};
use super::ruleset::{Element, Table};
use crate::{Error, Result};
use longshore_netlink::{Attribute, Batch, Socket};

/// More elements than this go into several messages: the list's length is a 16-bit number.
const ELEMENTS_PER_MESSAGE: usize = 500;

const NFTA_GEN_ID: u16 = 1;
const NFTA_CHAIN_POLICY: u16 = 5;

/// The rules of the network namespace that it was opened in.
#[derive(Debug)]
pub(crate) struct Nftables {
    socket: Socket,
}

impl Nftables {
    /// `None` where the kernel has no nf_tables.
    pub(crate) fn open() -> Result<Option<Self>> {
        let socket = match Socket::netfilter().and_then(Socket::with_large_batches) {
            Ok(socket) => socket,
            Err(error) if error.errno() == Some(libc::EPROTONOSUPPORT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let mut nftables = Self { socket };
        match nftables.generation() {
            Ok(_) => Ok(Some(nftables)),
            Err(Error::Netlink(error)) if is_unsupported(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Grows by one with every transaction of anyone.
    pub(crate) fn generation(&mut self) -> Result<u32> {
        let mut batch = Batch::default();
        message::get_generation(&mut batch);
        let replies = self.socket.query(&batch)?;
        let number = replies
            .iter()
            .find_map(|reply| Attribute::find(reply.body.get(4..)?, NFTA_GEN_ID));
        let number = number
            .and_then(|bytes| bytes.try_into().ok())
            .map(u32::from_be_bytes);
        number.ok_or_else(|| Error::System {
            step: "read the firewall's generation",
            source: io::Error::from(io::ErrorKind::InvalidData),
        })
    }

    pub(crate) fn has_table(&mut self, family: Family, name: &str) -> Result<bool> {
        let mut batch = Batch::default();
        message::get_table(&mut batch, family, name);
        found(self.socket.query(&batch)).map(|replies| replies.is_some())
    }

    /// `None` where there is no such table.
    pub(crate) fn rule_count(&mut self, family: Family, table: &str) -> Result<Option<usize>> {
        if !self.has_table(family, table)? {
            return Ok(None);
        }
        let mut batch = Batch::default();
        message::get_rules(&mut batch, family, table);
        Ok(found(self.socket.query(&batch))?.map(|replies| replies.len()))
    }

    /// The policy of a base chain (NF_DROP or NF_ACCEPT); `Some(None)` is a chain without one, `None` is no chain.
    pub(crate) fn chain_policy(
        &mut self,
        family: Family,
        table: &str,
        chain: &str,
    ) -> Result<Option<Option<u32>>> {
        let mut batch = Batch::default();
        message::get_chain(&mut batch, family, table, chain);
        let Some(replies) = found(self.socket.query(&batch))? else {
            return Ok(None);
        };
        let policy = replies
            .iter()
            .find_map(|reply| Attribute::find(reply.body.get(4..)?, NFTA_CHAIN_POLICY));
        Ok(Some(
            policy
                .and_then(|bytes| bytes.try_into().ok())
                .map(u32::from_be_bytes),
        ))
    }

    /// The members of a set of link names; `None` where there is no such set.
    pub(crate) fn link_names(
        &mut self,
        family: Family,
        table: &str,
        set: &str,
    ) -> Result<Option<BTreeSet<String>>> {
        let mut batch = Batch::default();
        message::get_elements(&mut batch, family, table, set);
        let replies = found(self.socket.query(&batch))?;
        Ok(replies.map(|replies| {
            let names = replies.iter().map(|reply| message::link_names(&reply.body));
            names.flatten().collect()
        }))
    }

    /// Puts the tables in place of what stands under their names, in one transaction: no packet meets half of them.
    pub(crate) fn replace(&mut self, tables: &[Table]) -> Result<()> {
        let batch = message::transaction(|batch| {
            for table in tables {
                // Adding an existing table is no error, deleting a missing one is.
                message::add_table(batch, table.family, &table.name);
                message::delete_table(batch, table.family, &table.name);
                add_whole_table(batch, table);
            }
        });
        Ok(self.socket.execute(&batch)?)
    }

    /// Deletes the tables, those that exist of them.
    pub(crate) fn delete(&mut self, tables: &[(Family, &str)]) -> Result<()> {
        let batch = message::transaction(|batch| {
            for (family, name) in tables {
                message::add_table(batch, *family, name);
                message::delete_table(batch, *family, name);
            }
        });
        Ok(self.socket.execute(&batch)?)
    }

    /// Makes all of the changes in one transaction, or none.
    pub(crate) fn change(&mut self, table: &str, changes: &[Change]) -> Result<()> {
        let batch = message::transaction(|batch| {
            for change in changes {
                let operation = change.operation();
                for part in change.elements.chunks(ELEMENTS_PER_MESSAGE) {
                    let (family, set) = (change.family, change.set);
                    message::change_elements(batch, operation, family, table, set, part);
                }
            }
        });
        Ok(self.socket.execute(&batch)?)
    }
}

/// Elements for a set, or elements that must be in it and go.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) family: Family,
    pub(crate) set: &'static str,
    pub(crate) add: bool,
    pub(crate) elements: Vec<Element>,
}

impl Change {
    fn operation(&self) -> Operation {
        if self.add {
            Operation::Add
        } else {
            Operation::Delete
        }
    }
}

fn add_whole_table(batch: &mut Batch, table: &Table) {
    let Table {
        family,
        name,
        sets,
        chains,
    } = table;
    message::add_table(batch, *family, name);
    for set in sets {
        message::add_set(batch, *family, name, set);
        for part in set.elements.chunks(ELEMENTS_PER_MESSAGE) {
            message::change_elements(batch, Operation::Add, *family, name, set.name, part);
        }
    }
    for chain in chains {
        message::add_chain(batch, *family, name, chain);
        for rule in &chain.rules {
            message::add_rule(batch, *family, name, chain.name, rule);
        }
    }
}

fn found<T>(result: longshore_netlink::Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.refusal() == Some(libc::ENOENT) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether the errno says that the kernel lacks nf_tables, or one of its families or expressions.
fn is_unsupported(error: &longshore_netlink::Error) -> bool {
    matches!(
        error.refusal(),
        Some(libc::EINVAL | libc::EOPNOTSUPP | libc::EPROTONOSUPPORT | libc::EAFNOSUPPORT)
    )
}
