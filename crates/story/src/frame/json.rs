//! Frames as JSON.

use super::{Frame, Part, Row, State, Variable, VariableKind};
use crate::json::{Json, object};

impl Frame {
    /// Returns the frame as JSON.
    pub fn json(&self) -> Json {
        let caller = self.caller.as_ref().map(|(name, rows)| {
            object([
                ("name", Json::from(name.as_str())),
                ("slots", Json::Array(rows.iter().map(Row::json).collect())),
            ])
        });
        object([
            ("name", Json::from(self.name.as_str())),
            ("pc", Json::from(i64::from(self.pc))),
            ("instruction", Json::from(self.instruction.as_str())),
            ("sp", Json::from(self.depth)),
            ("frame", Json::from(self.frame_size)),
            ("args", Json::from(self.args_size)),
            ("fp", Json::from(self.fp())),
            ("pseudo_sp", Json::from(self.pseudo_sp)),
            ("bp", self.bp.map_or(Json::Null, Json::from)),
            (
                "slots",
                Json::Array(self.rows.iter().map(Row::json).collect()),
            ),
            ("caller", caller.unwrap_or(Json::Null)),
        ])
    }
}

impl Row {
    fn json(&self) -> Json {
        let pcs =
            |pcs: &[u32]| Json::Array(pcs.iter().map(|&pc| Json::from(i64::from(pc))).collect());
        let mut fields = vec![
            ("off", Json::from(self.offset)),
            ("size", Json::from(self.size)),
            ("kind", Json::from(self.kind())),
        ];
        match &self.part {
            Part::Variable(variable) => fields.extend(variable.json()),
            Part::Outgoing {
                callee,
                variable,
                call,
            } => {
                fields.push(("callee", Json::from(callee.as_str())));
                fields.push(("call", Json::from(i64::from(*call))));
                fields.extend(variable.json());
            }
            Part::ReturnAddress(Some(place)) => fields.push(("place", Json::from(place.as_str()))),
            Part::ReturnAddress(None) | Part::SavedBp | Part::Hole | Part::Unnamed => {}
        }
        fields.push(("reads", pcs(&self.reads)));
        fields.push(("writes", pcs(&self.writes)));
        fields.push(("addressed", pcs(&self.addressed)));
        let state = match self.state {
            State::Unknown => Json::Null,
            State::NotWritten => Json::from("not_written"),
            State::LiveUntil(_) => Json::from("live"),
            State::Dead => Json::from("dead"),
        };
        fields.push(("state", state));
        if let State::LiveUntil(pc) = self.state {
            fields.push(("live_until", Json::from(i64::from(pc))));
        }
        object(fields)
    }

    /// The kind of a part, one of a closed list.
    fn kind(&self) -> &'static str {
        let is_result = |variable: &Variable| matches!(variable.kind, VariableKind::Result { .. });
        match &self.part {
            Part::Variable(variable) => match &variable.kind {
                VariableKind::Param { .. } => "param",
                VariableKind::Result { .. } => "result",
                VariableKind::Local { spilled } if spilled.is_empty() => "local",
                VariableKind::Local { .. } => "spill",
            },
            Part::Outgoing { variable, .. } if is_result(variable) => "out_result",
            Part::Outgoing { .. } => "out_arg",
            Part::ReturnAddress(_) => "return_address",
            Part::SavedBp => "saved_bp",
            Part::Hole => "hole",
            Part::Unnamed => "unnamed",
        }
    }
}

impl Variable {
    fn json(&self) -> Vec<(&'static str, Json)> {
        let mut fields = vec![
            ("name", Json::from(self.name.as_str())),
            ("type", Json::from(self.ty.as_str())),
        ];
        match &self.kind {
            VariableKind::Local { spilled } if !spilled.is_empty() => {
                let values = spilled.iter().map(|value| Json::from(value.as_str()));
                fields.push(("values", Json::Array(values.collect())));
            }
            VariableKind::Param { in_registers } => {
                fields.push(("in_registers", Json::Bool(*in_registers)))
            }
            VariableKind::Result { number } => fields.push(("result", Json::from(*number as i64))),
            VariableKind::Local { .. } => {}
        }
        fields
    }
}
