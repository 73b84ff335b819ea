import os

import pytest

from lms.content import files
from lms.content.checking import check_courses, check_paths
from lms.content.files import UnfitFolderError, read_folder
from tests.content.helpers import course_files


def write(folder, changes=None):
    for path, data in course_files(changes).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def test_a_folder_gives_its_files_without_dot_files(tmp_path):
    write(tmp_path, {".hidden": "x", ".git/config": "x", "media/.x": "x"})
    assert list(read_folder(tmp_path)) == sorted(course_files())


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    write(tmp_path / "course")
    (tmp_path / "secret").write_text("x")
    (tmp_path / "course/media").mkdir()
    (tmp_path / "course/media/a.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(UnfitFolderError) as caught:
        read_folder(tmp_path / "course")
    assert [(one.rule, one.path) for one in caught.value.findings] == [
        ("outside-link", "media/a.txt")
    ]


def test_a_link_within_the_folder_is_followed(tmp_path):
    write(tmp_path)
    (tmp_path / "README.md").symlink_to(tmp_path / "course.md")
    assert read_folder(tmp_path)["README.md"] == course_files()["course.md"]


def test_a_link_to_a_folder_or_to_itself_is_refused(tmp_path):
    write(tmp_path)
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(UnfitFolderError) as caught:
        read_folder(tmp_path)
    assert {one.rule for one in caught.value.findings} == {"outside-link"}


def test_a_pipe_is_no_file(tmp_path):
    write(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnfitFolderError, match="no file"):
        read_folder(tmp_path)


def test_a_folder_over_the_limits_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MOST_FILES", 3)
    with pytest.raises(UnfitFolderError, match="2,000 files"):
        read_folder(write(tmp_path))


def test_courses_are_checked_together_and_know_each_other(tmp_path):
    write(tmp_path / "one", {"course.md": "---\ntitle: A\nprerequisites: [two]\n---\n"})
    write(tmp_path / "two", {"course.md": "---\ntitle: A\nprerequisites: [three]\n---\n"})
    assert [(one.path, one.rule) for one in check_courses(tmp_path)] == [
        ("two/course.md", "prerequisite")
    ]


def test_a_course_that_cannot_be_read_is_a_finding_among_others(tmp_path):
    write(tmp_path / "one")
    (tmp_path / "one/x").symlink_to("/etc")
    assert [one.rule for one in check_courses(tmp_path)] == ["outside-link"]


def test_a_path_may_be_courses_a_course_a_folder_or_a_file(tmp_path):
    write(tmp_path / "one", {"1-start/10-first.md": "---\ntitle: A\nminutes: x\n---\n"})
    lesson = tmp_path / "one/1-start/10-first.md"
    for path in (tmp_path, tmp_path / "one", tmp_path / "one/1-start", lesson):
        (finding,) = check_paths([path])
        assert str(finding).startswith(f"{lesson}:3:10: error: ")
    assert check_paths([tmp_path / "one/course.md"]) == ()
    with pytest.raises(FileNotFoundError):
        check_paths([tmp_path / "two"])
