//! What is done to a resource in one step.

use model::{Action, plan::Phase};

use crate::style::Tone;

/// What is done to a resource, one step at a time: a replacement has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Create,
    Adopt,
    Import,
    Update,
    Finish,
    /// The new half of a replacement.
    CreateNew,
    /// The old half of a replacement, or what an earlier one left.
    DeleteOld,
    Delete,
    Move,
    Record,
    Forget,
    Read,
}

impl Verb {
    /// What a step of this phase does for a change with this action.
    pub fn of(action: Action, phase: &Phase) -> Self {
        match (action, phase) {
            (_, Phase::Read) | (Action::Read, _) => Self::Read,
            (Action::Delete, _) => Self::Delete,
            (_, Phase::Remove { .. }) => Self::DeleteOld,
            (Action::Replace(_), _) => Self::CreateNew,
            (Action::Create, _) => Self::Create,
            (Action::Adopt, _) => Self::Adopt,
            (Action::Import, _) => Self::Import,
            (Action::Update, _) => Self::Update,
            (Action::Finish, _) => Self::Finish,
            (Action::Move, _) => Self::Move,
            (Action::Forget, _) => Self::Forget,
            (Action::Keep | Action::Record, _) => Self::Record,
        }
    }

    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Create | Self::CreateNew => "+",
            Self::Adopt | Self::Finish => "!",
            Self::Import => "@",
            Self::Update => "~",
            Self::Delete | Self::DeleteOld => "-",
            Self::Move => ">",
            Self::Record => "=",
            Self::Forget => "#",
            Self::Read => "<=",
        }
    }

    pub(crate) fn tone(self) -> Tone {
        match self {
            Self::Create | Self::CreateNew | Self::Import => Tone::Added,
            Self::Adopt | Self::Finish | Self::Update | Self::Forget => Tone::Changed,
            Self::Delete | Self::DeleteOld => Tone::Removed,
            Self::Move | Self::Record | Self::Read => Tone::Note,
        }
    }

    pub(crate) fn doing(self) -> &'static str {
        match self {
            Self::Create => "creating",
            Self::Adopt => "adopting",
            Self::Import => "importing",
            Self::Update => "updating",
            Self::Finish => "finishing",
            Self::CreateNew => "creating the new one",
            Self::DeleteOld => "deleting the old one",
            Self::Delete => "deleting",
            Self::Move => "moving",
            Self::Record => "recording",
            Self::Forget => "forgetting",
            Self::Read => "reading",
        }
    }

    pub(crate) fn done(self) -> &'static str {
        match self {
            Self::Create => "created",
            Self::Adopt => "adopted",
            Self::Import => "imported",
            Self::Update => "updated",
            Self::Finish => "finished",
            Self::CreateNew => "new one created",
            Self::DeleteOld => "old one deleted",
            Self::Delete => "deleted",
            Self::Move => "moved",
            Self::Record => "recorded",
            Self::Forget => "forgotten, it stays alive",
            Self::Read => "read",
        }
    }

    /// In "create failed", "delete skipped"; also its name in JSON, with `_` for spaces.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Adopt => "adopt",
            Self::Import => "import",
            Self::Update => "update",
            Self::Finish => "finish",
            Self::CreateNew => "create new",
            Self::DeleteOld => "delete old",
            Self::Delete => "delete",
            Self::Move => "move",
            Self::Record => "record",
            Self::Forget => "forget",
            Self::Read => "read",
        }
    }

    /// In "3 created, 1 replaced".
    pub(crate) fn counted(self) -> &'static str {
        match self {
            Self::CreateNew => "replaced",
            Self::DeleteOld => "old deleted",
            Self::Forget => "forgotten",
            other => other.done(),
        }
    }

    pub(crate) fn json(self) -> String {
        self.noun().replace(' ', "_")
    }
}
