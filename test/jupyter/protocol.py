"""Jupyter's own test of a kernel, with what our language needs to be asked."""

import unittest

import jupyter_kernel_test


class GpicLabKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "gpic-lab"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("to stderr")'
    code_generate_error = 'throw new RangeError("on purpose")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2].length", "result": "2"},
        {"code": "1 + 1", "result": "2"},
        {"code": "2 + 2", "result": "4"},
        {"code": "3 + 3", "result": "6"},
    ]
    code_display_data = [
        {
            "code": 'import { display } from "gpic-lab/show"; display({ "text/html": "<b>b</b>", "text/plain": "b" })',
            "mime": "text/html",
        },
    ]
    completion_samples = [{"text": "Math.hypo", "matches": {"hypot"}}]
    complete_code_samples = ["1", "const x = 1;", "function f(): number { return 1; }"]
    incomplete_code_samples = ["function f() {", "if (true) {", "const t = `open"]
    invalid_code_samples = ["const = 1;"]
    code_inspect_sample = "Math.hypot"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "1 [+] ?"


if __name__ == "__main__":
    unittest.main(verbosity=2)
