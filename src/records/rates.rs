//! Infusions in the code of `RxODE`: a record begins a rate, and another with the same rate below zero ends it.

use super::origin::Origin;
use super::record::Record;
use crate::error::Result;

const OPEN: &str = "it begins an infusion in the code of RxODE, and no later record of the subject ends it: write one with the same EVID and the AMT below zero, or EVID 1 with AMT and RATE";
const ENDS: &str = "it ends an infusion in the code of RxODE, and no earlier record of the subject begins one of this rate: write its beginning, or EVID 1 with AMT and RATE";
const ADDL: &str =
    "the record that begins an infusion in the code of RxODE and the one that ends it need the same ADDL and II";

/// Makes doses of the records that begin rates, and records of nothing of those that end them; `coded` are both, in their order.
pub(super) fn close(coded: &[usize], records: &mut [Record], origin: &Origin) -> Result<()> {
    let mut open: Vec<usize> = Vec::new();
    let refuse = |at: usize, records: &[Record], rule| {
        Err(origin.refuse(at, ("EVID", format!("a rate of {}", records[at].amt)), rule))
    };
    for &at in coded {
        if records[at].amt > 0.0 {
            open.push(at);
            continue;
        }
        let is_its = |begin: &usize| {
            let (begin, end) = (&records[*begin], &records[at]);
            begin.id == end.id && begin.cmt == end.cmt && begin.amt == -end.amt && begin.time < end.time
        };
        let Some(place) = open.iter().position(is_its) else { return refuse(at, records, ENDS) };
        let begin = open.remove(place);
        let is_alike = |of: fn(&Record) -> f64| of(&records[begin]) == of(&records[at]);
        if !is_alike(|record| f64::from(record.addl)) || (records[at].addl > 0 && !is_alike(|record| record.ii)) {
            return refuse(at, records, ADDL);
        }
        let rate = records[begin].amt;
        (records[begin].rate, records[begin].amt) = (rate, rate * (records[at].time - records[begin].time));
        let end = &mut records[at];
        (end.evid, end.amt, end.ii, end.addl, end.ss) = (2, 0.0, 0.0, 0, 0);
    }
    open.first().map_or(Ok(()), |begin| refuse(*begin, records, OPEN))
}
