"""Interrupts, restarts and the shutdown of the real kernel, as Jupyter's own client does them."""

import threading
import unittest

from jupyter_client.manager import start_new_kernel

LOOP = "for (let i = 0; ; i++) if (i % 3e6 === 0) console.log('runs');"
CELLS = {
    "a synchronous loop": LOOP,
    "an await": "console.log('runs'); await new Promise(() => {})",
    "a loop after an await": f"await null; {LOOP}",
}


class Interrupts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="gpic-lab")

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel()

    def run_cell(self, code, on_first_stream=lambda: None):
        outputs = []

        def hear(message):
            if message["msg_type"] == "stream" and not any(m["msg_type"] == "stream" for m in outputs):
                on_first_stream()
            outputs.append(message)

        reply = self.client.execute_interactive(code, timeout=30, output_hook=hear)
        return reply["content"], outputs

    def interrupt(self):
        threading.Thread(target=self.manager.interrupt_kernel).start()

    def test_each_is_stopped_and_the_next_cell_runs_with_its_variables(self):
        self.run_cell("let kept = 1")
        for round_ in range(3):
            for name, code in CELLS.items():
                with self.subTest(name, round=round_):
                    content, _ = self.run_cell(code, on_first_stream=self.interrupt)
                    self.assertEqual(content["ename"], "KeyboardInterrupt")
                    content, outputs = self.run_cell("kept + 1")
                    self.assertEqual(content["status"], "ok")
                    results = [m for m in outputs if m["msg_type"] == "execute_result"]
                    self.assertEqual(results[0]["content"]["data"]["text/plain"], "2")

    def test_a_hundred_thousand_lines_arrive_in_order(self):
        _, outputs = self.run_cell("for (let i = 0; i < 100000; i++) console.log(i)")
        text = "".join(m["content"]["text"] for m in outputs if m["msg_type"] == "stream")
        self.assertEqual(text, "".join(f"{i}\n" for i in range(100000)))


class Ends(unittest.TestCase):
    def test_restart_forgets_and_shutdown_is_clean_also_while_busy(self):
        manager, client = start_new_kernel(kernel_name="gpic-lab")
        client.execute_interactive("let kept = 1", timeout=30)
        manager.restart_kernel()
        client.wait_for_ready(timeout=30)
        reply = client.execute_interactive("kept", timeout=30, output_hook=lambda message: None)
        self.assertEqual(reply["content"]["status"], "error")
        client.execute("while (true) {}")
        process = manager.provisioner.process
        client.stop_channels()
        manager.shutdown_kernel()
        self.assertEqual(process.returncode, 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
