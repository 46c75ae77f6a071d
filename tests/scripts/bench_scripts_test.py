"""scripts/bench-compare and scripts/bench-counts: what they report, of measurements made up here."""

import contextlib
import importlib.machinery
import importlib.util
import io
import json
import os
import random
import tempfile
import unittest

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts")


def load_script(name):
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), os.path.join(SCRIPTS, name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


compare = load_script("bench-compare")
counts = load_script("bench-counts")


def output_of(function, *arguments):
    """(what it returned, standard output, standard error)"""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        result = function(*arguments)
    return result, out.getvalue(), err.getvalue()


def entry(name, time, **more):
    return {"name": name, "run_name": name, "run_type": "iteration", "cpu_time": time, "time_unit": "ns", **more}


class BenchCompare(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, name, content):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)
        return path

    def results(self, name, times):
        """A file of benchmarks, with what Google Benchmark adds to them."""
        entries = [entry(benchmark, time) for benchmark, all_times in times.items() for time in all_times]
        entries += [entry(benchmark, 1e9, run_type="aggregate") for benchmark in times]
        return self.write(name, json.dumps({"context": {}, "benchmarks": entries}))

    def run_on(self, before, after, *options):
        arguments = [self.results("a.json", before), self.results("b.json", after), *options]
        status, out, err = output_of(compare.main, arguments)
        self.assertEqual((status, err), (0, ""))
        return out

    def test_says_nothing_of_noise(self):
        out = self.run_on({"a": [100, 103, 98, 101, 99]}, {"a": [102, 104, 99, 103, 101]})
        self.assertEqual(out, "1 compared: 0 faster, 0 slower, 1 within the noise, 0 not judged\n")

    def test_names_what_moved(self):
        before = {"quick": [100, 101, 99, 100, 100], "slow": [100, 101, 99, 100, 100], "same": [50, 50, 51]}
        after = {"quick": [90, 91, 89, 90, 90], "slow": [110, 111, 109, 110, 110], "same": [50, 51, 50]}
        lines = self.run_on(before, after).splitlines()
        self.assertRegex(lines[1], r"^quick +100\.0 ns +90\.0 ns +-10\.0 % .* FASTER$")
        self.assertRegex(lines[2], r"^slow +100\.0 ns +110\.0 ns +\+10\.0 % .* slower$")
        self.assertEqual(lines[-1], "3 compared: 1 faster, 1 slower, 1 within the noise, 0 not judged")
        self.assertFalse(any(line.startswith("same") for line in lines))
        self.assertIn("\nsame ", self.run_on(before, after, "--all"))

    def test_the_wider_the_spread_the_more_is_noise(self):
        self.assertIn("1 slower", self.run_on({"a": [100, 101, 99, 100]}, {"a": [110, 111, 109, 110]}))
        self.assertIn("0 slower", self.run_on({"a": [100, 92, 108, 95, 105]}, {"a": [110, 102, 118, 105, 115]}))

    def test_one_disturbed_repetition_changes_nothing(self):
        self.assertIn("1 slower", self.run_on({"a": [100, 101, 99, 100, 900]}, {"a": [110, 111, 109, 110, 111]}))
        self.assertIn("0 slower", self.run_on({"a": [100, 101, 99, 100, 99]}, {"a": [100, 101, 99, 100, 900]}))

    def test_small_changes_are_left_out_however_sure(self):
        before, after = {"a": [1000.0] * 5}, {"a": [1008.0] * 5}
        self.assertIn("0 slower", self.run_on(before, after))
        self.assertIn("1 slower", self.run_on(before, after, "--least", "0.5"))

    def test_needs_three_repetitions(self):
        self.assertIn("0 within the noise, 1 not judged", self.run_on({"a": [100, 100]}, {"a": [200, 200, 200]}))

    def test_names_what_only_one_has(self):
        out = self.run_on({"a": [1, 1, 1], "old": [1, 1, 1]}, {"a": [1, 1, 1], "new": [1, 1, 1]})
        self.assertIn("only before: old\nonly after: new\n1 compared", out)

    def test_understands_units(self):
        before = self.results("a.json", {"a": [1000, 1000, 1000]})
        after = self.write("b.json", json.dumps({"benchmarks": [entry("a", 1.0, time_unit="us")] * 3}))
        _, out, _ = output_of(compare.main, [before, after])
        self.assertIn("1 within the noise", out)

    def test_rarely_calls_noise_a_change(self):
        engine = random.Random(1)
        times = lambda: [engine.gauss(1000, 30) for _ in range(9)]  # noqa: E731
        wrong = 0
        for _ in range(1000):
            wrong += compare.judge(times(), times(), 0)[3] != ""
        self.assertLess(wrong, 20)
        found = 0
        for _ in range(1000):
            found += compare.judge(times(), [t * 1.2 for t in times()], 0)[3] == "slower"
        self.assertGreater(found, 800)

    def test_says_what_is_no_output(self):
        good = self.results("good.json", {"a": [1, 1, 1]})
        bad = ["", "{}", "[]", "[1]", '{"benchmarks": [{}]}', '{"benchmarks": []}', '{"benchmarks": [1]}',
               json.dumps({"benchmarks": [entry("a", 1, time_unit="weeks")]}),
               json.dumps({"benchmarks": [entry("a", 1, error_occurred=True)]})]
        for content in bad:
            path = self.write("bad.json", content)
            status, out, err = output_of(compare.main, [good, path])
            self.assertEqual((status, out), (2, ""), content)
            self.assertEqual(err.count("\n"), 1, content)
            self.assertIn(path, err)
        self.assertEqual(output_of(compare.main, [good, "/nowhere.json"])[0], 2)


class BenchCounts(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        real = counts.RECORD, counts.count
        self.addCleanup(lambda: setattr(counts, "RECORD", real[0]))
        self.addCleanup(lambda: setattr(counts, "count", real[1]))
        counts.RECORD = os.path.join(self.folder.name, "counts.txt")
        with open(counts.RECORD, "w", encoding="utf-8") as file:
            file.write("# what this is\np_bench first/64 1000\np_bench second 1000\n")
        self.now = {"first/64": 1019, "second": 1021}
        counts.count = self.count

    def count(self, program, name):
        self.assertEqual(program, "p_bench")
        if name not in self.now:
            raise counts.Uncounted(f"{name}: there is no such benchmark")
        return self.now[name]

    def test_reports_drift_and_does_not_fail(self):
        status, out, err = output_of(counts.main, [])
        self.assertEqual((status, err), (0, ""))
        self.assertRegex(out, r"first/64 +1,000 +1,019 +\+1\.90 %\n")
        self.assertRegex(out, r"second +1,000 +1,021 +\+2\.10 %  <-\n")
        self.assertIn("2 counted, 1 drifted by more than 2 %", out)

    def test_less_is_drift_too(self):
        self.now["second"] = 900
        self.assertRegex(output_of(counts.main, ["second"])[1], r"-10\.00 %  <-\n1 counted, 1 drifted")

    def test_records(self):
        self.assertEqual(output_of(counts.main, ["--record", "second"])[0], 0)
        with open(counts.RECORD, encoding="utf-8") as file:
            self.assertEqual(file.read(), "# what this is\np_bench first/64 1000\np_bench second 1021\n")

    def test_fails_where_it_cannot_count(self):
        del self.now["first/64"]
        status, out, err = output_of(counts.main, ["--record"])
        self.assertEqual((status, err), (1, "bench-counts: first/64: there is no such benchmark\n"))
        self.assertIn("1 counted", out)
        with open(counts.RECORD, encoding="utf-8") as file:
            self.assertIn("second 1000", file.read())


class TheRecord(unittest.TestCase):
    def test_is_complete(self):
        _, rows = counts.read_record()
        self.assertGreaterEqual(len(rows), 12)
        self.assertTrue(all(recorded > 0 for _, _, recorded in rows))
        self.assertEqual(len({row[:2] for row in rows}), len(rows))


if __name__ == "__main__":
    unittest.main()
