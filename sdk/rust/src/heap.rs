//! The heap of a guest.
//!
//! A call runs in a fresh instance, and each time its memory grows, and is taken back, the host has the system change
//! what is accessible: some microseconds each, during which other calls wait for the same lock. So `dinh plugin build`
//! lets a guest be born with a heap that most pages do with, and this allocator begins there. That of the standard
//! library is the same one, in a version that leaves that memory alone and grows from its first allocation on.

use dlmalloc::GlobalDlmalloc;

#[global_allocator]
static HEAP: GlobalDlmalloc = GlobalDlmalloc;
