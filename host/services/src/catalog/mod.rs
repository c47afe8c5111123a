//! Catalogs (danh mục dùng chung).
