/* Fletcher-32 over bytes: small enough to read, native enough to need a compiler. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static unsigned long fletcher32(const unsigned char *data, Py_ssize_t length)
{
    unsigned long low = 0, high = 0;
    Py_ssize_t i = 0;

    while (i < length) {
        unsigned long word = data[i];
        if (i + 1 < length) {
            word |= (unsigned long)data[i + 1] << 8;
        }
        low = (low + word) % 65535;
        high = (high + low) % 65535;
        i += 2;
    }
    return (high << 16) | low;
}

static PyObject *checksum(PyObject *module, PyObject *args)
{
    const char *data;
    Py_ssize_t length;

    (void)module;
    if (!PyArg_ParseTuple(args, "y#:checksum", &data, &length)) {
        return NULL;
    }
    return PyLong_FromUnsignedLong(fletcher32((const unsigned char *)data, length));
}

static PyMethodDef methods[] = {
    {"checksum", checksum, METH_VARARGS, "checksum(data: bytes) -> int\n\nFletcher-32 of data."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_checksum", "Fletcher-32 in C.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__checksum(void)
{
    return PyModuleDef_Init(&definition);
}
