//! Notes: from a changelog, a file, a program, GitHub, or nowhere; made once.
