//! Profiles as Parquet: columns of whole numbers and doubles that every data program reads.

use std::fs::File;
use std::io::{self, BufWriter};
use std::sync::Arc;

use ::parquet::data_type::{DataType, DoubleType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;
use ::parquet::schema::types::ColumnPath;

use super::Profiles;

/// The stable schema; a later version may add columns at the end.
const SCHEMA: &str = "message profiles { required int64 id; required double time; required double conc; }";
/// The most rows that are held before they go to the disk.
const GROUP: usize = 1 << 20;

pub(super) struct Writer(SerializedFileWriter<BufWriter<File>>);

impl Writer {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let schema = parse_message_type(SCHEMA).map_err(io_error)?;
        // Numbers and times come again and again, concentrations never do.
        let properties = WriterProperties::builder().set_column_dictionary_enabled(ColumnPath::from("conc"), false);
        let writer = SerializedFileWriter::new(BufWriter::new(file), Arc::new(schema), Arc::new(properties.build()));
        writer.map(Self).map_err(io_error)
    }

    pub(super) fn append(&mut self, profiles: &Profiles) -> io::Result<()> {
        let width = profiles.times().len();
        let people = (GROUP / width).max(1);
        let mut ids = profiles.ids();
        for conc in profiles.conc().chunks(people * width) {
            let some = ids.by_ref().take(conc.len() / width);
            let ids: Vec<i64> = some.flat_map(|id| std::iter::repeat_n(id.cast_signed(), width)).collect();
            let times = profiles.times().repeat(conc.len() / width);
            self.group(&ids, &times, conc).map_err(io_error)?;
        }
        Ok(())
    }

    fn group(&mut self, ids: &[i64], times: &[f64], conc: &[f64]) -> Result<(), ParquetError> {
        let mut group = self.0.next_row_group()?;
        column::<Int64Type>(&mut group, ids)?;
        column::<DoubleType>(&mut group, times)?;
        column::<DoubleType>(&mut group, conc)?;
        group.close().map(|_| ())
    }

    pub(super) fn finish(self) -> io::Result<BufWriter<File>> {
        self.0.into_inner().map_err(io_error)
    }
}

fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, BufWriter<File>>,
    values: &[T::T],
) -> Result<(), ParquetError> {
    let Some(mut column) = group.next_column()? else {
        return Err(ParquetError::General("the schema has fewer columns".into()));
    };
    column.typed::<T>().write_batch(values, None, None)?;
    column.close()
}

fn io_error(why: ParquetError) -> io::Error {
    io::Error::other(why)
}
