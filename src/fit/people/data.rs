//! What was measured of several people.

use crate::error::{Error, Result};
use crate::fit::samples::Sampled;
use crate::records::{Convention, Table};

/// What was measured of several people, each with an id.
///
/// ```
/// use menaquinone::fit::People;
/// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n1,9,.,4.0\n2,0,100,.\n2,2,.,6.1".parse()?;
/// let people = People::of_table(&table)?;
/// assert_eq!(people.ids().collect::<Vec<_>>(), ["1", "2"]);
/// assert_eq!(people.count(), 3); // levels
/// # Ok::<(), menaquinone::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    all: Vec<(String, Sampled)>,
    unit: Option<String>,
    /// Who was left out on request.
    left: Vec<String>,
}

impl People {
    /// People with their samples, by their ids.
    ///
    /// # Errors
    /// Nobody, or an id that comes twice.
    pub fn new<I: Into<String>>(all: impl IntoIterator<Item = (I, Sampled)>) -> Result<Self> {
        let named = |(id, sampled): (I, Sampled)| {
            let id: String = id.into();
            let sampled = sampled.called(&id);
            (id, sampled)
        };
        let all: Vec<(String, Sampled)> = all.into_iter().map(named).collect();
        if all.is_empty() {
            return Err(Error::value("there are no people: give at least one with samples"));
        }
        let mut ids: Vec<&str> = all.iter().map(|(id, _)| id.as_str()).collect();
        ids.sort_unstable();
        if let Some([twice, ..]) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::value(format!("person `{twice}` comes twice: give each person an id of its own")));
        }
        Ok(Self { all, unit: None, left: Vec::new() })
    }

    /// These people with the name of the unit of their levels, for axes and captions; without it levels are µg/L. No number changes: with doses in mg and
    /// levels in mg/L clearances are in L/h and volumes in L all the same.
    ///
    /// ```
    /// # use menaquinone::fit::People;
    /// let people = People::of_table(&"ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5".parse()?)?;
    /// assert_eq!(people.unit(), "µg/L");
    /// assert_eq!(people.measured_in("mg/L").unit(), "mg/L");
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    #[must_use]
    pub fn measured_in(self, unit: impl Into<String>) -> Self {
        Self { unit: Some(unit.into()), ..self }
    }

    /// The unit of their levels.
    pub fn unit(&self) -> &str {
        self.unit.as_deref().unwrap_or("µg/L")
    }

    /// The subjects of an event table, as [`Sampled::of_table`] reads them.
    ///
    /// # Errors
    /// As for [`Sampled::of_table`].
    pub fn of_table(table: &Table) -> Result<Self> {
        Self::new(Sampled::of_table(table)?)
    }

    /// The subjects of an event table with observations of several kinds, as [`Sampled::of_table_with_kinds`] reads them by the rule of NONMEM.
    ///
    /// # Errors
    /// As for [`Sampled::of_table_with_kinds`].
    pub fn of_table_with_kinds(table: &Table) -> Result<Self> {
        Self::new(Sampled::of_table_with_kinds(table, Convention::default())?)
    }

    /// How many people there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is nobody, which cannot be.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many samples there are.
    pub fn count(&self) -> usize {
        self.all.iter().map(|(_, sampled)| sampled.samples.len()).sum()
    }

    /// The ids, in the order of the data.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|(id, _)| id.as_str())
    }

    /// Everybody but these: nobody is left out of a fit unless it is asked for. A report names them.
    ///
    /// ```
    /// use menaquinone::fit::People;
    /// let table = "ID,TIME,AMT,DV\n1,0,100,.\n1,2,.,7.5\n2,0,100,.\n2,2,.,6.1\n3,0,100,.\n3,2,.,70000".parse()?;
    /// let rest = People::of_table(&table)?.without(["3"])?;
    /// assert_eq!(rest.ids().collect::<Vec<_>>(), ["1", "2"]);
    /// assert_eq!(rest.left_out(), ["3"]);
    /// assert!(rest.without(["3"]).is_err());
    /// # Ok::<(), menaquinone::Error>(())
    /// ```
    ///
    /// # Errors
    /// An id that nobody has, and to leave out everybody.
    pub fn without<'a>(mut self, ids: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        for id in ids {
            let place = self.all.iter().position(|(own, _)| own == id).ok_or_else(|| {
                Error::value(format!(
                    "person `{id}` cannot be left out: nobody of {} people has that id",
                    self.all.len()
                ))
            })?;
            self.left.push(self.all.remove(place).0);
        }
        if self.all.is_empty() {
            return Err(Error::value("everybody was left out: keep at least one person"));
        }
        Ok(self)
    }

    /// These people with the ids of others who were left out before, as by [`Table::without`]: a report names them.
    #[must_use]
    pub fn having_left_out<'a>(mut self, ids: impl IntoIterator<Item = &'a str>) -> Self {
        self.left.extend(ids.into_iter().map(str::to_owned));
        self
    }

    /// Who was left out on request, in the order in which it was asked for.
    pub fn left_out(&self) -> &[String] {
        &self.left
    }

    /// What was measured of a person.
    pub fn person(&self, id: &str) -> Option<&Sampled> {
        self.all.iter().find(|(own, _)| own == id).map(|(_, sampled)| sampled)
    }

    /// Each person with its samples.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Sampled)> {
        self.all.iter().map(|(id, sampled)| (id.as_str(), sampled))
    }
}

impl People {
    /// The people by their ids: the order of all sums, so that no bit of one depends on the order of the data.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by_key(|i| &self.all[*i].0);
        order
    }
}

/// The number of a person's streams, which goes by the id and by nothing else (FNV-1a).
pub(super) fn key(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
