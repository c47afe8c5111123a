//! Which role holds which permission, as a bit matrix.
//!
//! A row is a permission, a bit in it a role: a check finds its row once and tests one bit for each grant.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_model::{Permission, RoleId};

use crate::tree::too_large;
use crate::{CompileError, RoleFact};

/// A role's number in the policy.
pub(crate) type Role = u16;

/// A permission's number in the policy: where its row begins.
pub(crate) type PermissionRow = u32;

/// Permissions by name and roles by bit.
///
/// Both are numbered by name, so that the order in which they are listed does not matter. Policies that
/// follow one another share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Roles {
    names: Arc<[Permission]>,
    by_name: Arc<HashMap<Permission, PermissionRow>>,
    numbers: Arc<HashMap<RoleId, Role>>,
    /// Words in a row.
    stride: usize,
    bits: Arc<[u64]>,
}

impl Roles {
    /// Most roles and most permissions: a role is 16 bits of a grant's word.
    pub const MOST: usize = 1 << 16;
    /// Most cells of the matrix: 32 MiB of bits.
    pub const MOST_CELLS: usize = 1 << 28;

    pub fn compile(permissions: &[Permission], roles: &[RoleFact]) -> Result<Self, CompileError> {
        too_large("number of roles", roles.len(), Self::MOST)?;
        too_large("number of permissions", permissions.len(), Self::MOST)?;
        let stride = roles.len().div_ceil(64).max(1);
        too_large("roles times permissions", stride * 64 * permissions.len(), Self::MOST_CELLS)?;
        let mut names = permissions.to_vec();
        names.sort();
        let mut by_name = HashMap::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let row = PermissionRow::try_from(index * stride).unwrap_or(PermissionRow::MAX);
            if by_name.insert(name.clone(), row).is_some() {
                return Err(CompileError::Twice { what: "permission", id: name.to_string() });
            }
        }
        let mut sorted: Vec<&RoleFact> = roles.iter().collect();
        sorted.sort_by_key(|role| &role.id);
        let mut bits = vec![0_u64; stride * names.len()];
        let mut numbers = HashMap::with_capacity(roles.len());
        for (number, role) in sorted.into_iter().enumerate() {
            let number = Role::try_from(number).unwrap_or(Role::MAX);
            if numbers.insert(role.id.clone(), number).is_some() {
                return Err(CompileError::Twice { what: "role", id: role.id.to_string() });
            }
            for permission in &role.permissions {
                let row = by_name.get(permission).ok_or_else(|| CompileError::UnknownPermission {
                    by: format!("role {}", role.id),
                    permission: permission.clone(),
                })?;
                if let Some(word) = bits.get_mut(*row as usize + usize::from(number / 64)) {
                    *word |= 1 << (number % 64);
                }
            }
        }
        Ok(Self {
            names: names.into(),
            by_name: Arc::new(by_name),
            numbers: Arc::new(numbers),
            stride,
            bits: bits.into(),
        })
    }

    /// The number of a role.
    pub fn number(&self, role: &RoleId) -> Option<Role> {
        self.numbers.get(role).copied()
    }

    /// The roles with their numbers.
    pub fn names_of_roles(&self) -> impl Iterator<Item = (&RoleId, Role)> {
        self.numbers.iter().map(|(name, number)| (name, *number))
    }

    /// The permissions, by name.
    pub fn names(&self) -> impl Iterator<Item = &Permission> {
        self.names.iter()
    }

    /// What a role holds, by name.
    pub fn held_by(&self, role: Role) -> impl Iterator<Item = &Permission> {
        let holds = move |row: usize| {
            let word = self.bits.get(row * self.stride + usize::from(role / 64));
            word.is_some_and(|word| word >> (role % 64) & 1 != 0)
        };
        self.names.iter().enumerate().filter(move |(row, _)| holds(*row)).map(|(_, name)| name)
    }

    /// The row of a permission.
    pub fn find(&self, permission: &Permission) -> Option<PermissionRow> {
        self.by_name.get(permission).copied()
    }

    /// The permission of a row.
    pub fn name(&self, permission: PermissionRow) -> Option<&Permission> {
        self.names.get(permission as usize / self.stride.max(1))
    }

    /// The roles that hold a permission; none do for a row of another policy that is beyond this one's.
    #[inline]
    pub fn holding(&self, permission: PermissionRow) -> Holders<'_> {
        Holders { bits: &self.bits, row: permission as usize, single: self.stride == 1 }
    }
}

/// The roles that hold one permission.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holders<'a> {
    bits: &'a [u64],
    row: usize,
    /// Whether a row is one word.
    single: bool,
}

impl Holders<'_> {
    /// All roles in one word, when there are no more than it has bits.
    #[inline]
    pub fn word(self) -> Option<u64> {
        if self.single { Some(self.bits.get(self.row).copied().unwrap_or(0)) } else { None }
    }

    /// Whether a role of the policy does.
    pub fn contains(self, role: Role) -> bool {
        let word = self.bits.get(self.row.wrapping_add(usize::from(role / 64)));
        word.is_some_and(|word| word >> (role % 64) & 1 != 0)
    }
}
