//! Which role holds which permission, as a bit matrix.
//!
//! A row is a permission, a bit in it a role: a check resolves its row once and tests one bit for each
//! grant, and with up to 64 roles the row is a single word.

use std::collections::HashMap;

use dinh_model::{Permission, RoleId};

use crate::tree::too_large;
use crate::{CompileError, RoleFact};

/// A role's number in the policy.
pub(crate) type Role = u16;

/// Permissions by name and roles by bit.
#[derive(Debug, Default)]
pub(crate) struct Roles {
    names: Vec<Permission>,
    by_name: HashMap<Permission, u16>,
    /// Words in a row.
    stride: usize,
    bits: Vec<u64>,
}

impl Roles {
    /// Most roles and most permissions: a role is 16 bits of a grant's word.
    pub const MOST: usize = 1 << 16;
    /// Most cells of the matrix: 32 MiB of bits.
    pub const MOST_CELLS: usize = 1 << 28;

    /// The matrix, and the number of each role.
    pub fn compile<'a>(
        permissions: &[Permission],
        roles: &'a [RoleFact],
    ) -> Result<(Self, HashMap<&'a RoleId, Role>), CompileError> {
        too_large("number of roles", roles.len(), Self::MOST)?;
        too_large("number of permissions", permissions.len(), Self::MOST)?;
        let stride = roles.len().div_ceil(64).max(1);
        too_large("roles times permissions", stride * 64 * permissions.len(), Self::MOST_CELLS)?;
        let mut names = permissions.to_vec();
        names.sort();
        let mut matrix = Self { bits: vec![0; stride * names.len()], stride, ..Self::default() };
        for (index, name) in names.iter().enumerate() {
            let index = u16::try_from(index).unwrap_or(u16::MAX);
            if matrix.by_name.insert(name.clone(), index).is_some() {
                return Err(CompileError::Twice { what: "permission", id: name.to_string() });
            }
        }
        matrix.names = names;
        let mut numbers = HashMap::with_capacity(roles.len());
        for (number, role) in roles.iter().enumerate() {
            let number = Role::try_from(number).unwrap_or(Role::MAX);
            if numbers.insert(&role.id, number).is_some() {
                return Err(CompileError::Twice { what: "role", id: role.id.to_string() });
            }
            for permission in &role.permissions {
                let row = matrix.find(permission).ok_or_else(|| CompileError::UnknownPermission {
                    by: format!("role {}", role.id),
                    permission: permission.clone(),
                })?;
                let word = usize::from(row) * stride + usize::from(number / 64);
                if let Some(word) = matrix.bits.get_mut(word) {
                    *word |= 1 << (number % 64);
                }
            }
        }
        Ok((matrix, numbers))
    }

    /// The index of a permission.
    pub fn find(&self, permission: &Permission) -> Option<u16> {
        self.by_name.get(permission).copied()
    }

    /// The permission of an index.
    pub fn name(&self, permission: u16) -> Option<&Permission> {
        self.names.get(usize::from(permission))
    }

    /// The roles that hold a permission; none of them for an index of another policy.
    #[inline]
    pub fn holding(&self, permission: u16) -> Holders<'_> {
        let start = usize::from(permission) * self.stride;
        Holders(self.bits.get(start..start + self.stride).unwrap_or_default())
    }
}

/// The roles that hold one permission.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holders<'a>(&'a [u64]);

impl Holders<'_> {
    #[inline]
    pub fn contains(self, role: Role) -> bool {
        self.0.get(usize::from(role / 64)).is_some_and(|word| word >> (role % 64) & 1 != 0)
    }
}
