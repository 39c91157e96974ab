"""Which system packages does Qt still lack on this machine, and which line installs them?

Qt itself aborts with a message that names the wrong package, or none; so the desk looks first. This file
imports neither Qt nor the rest of the desk: ``start.py`` loads it before anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterable, Mapping

NAMES_OF_DEBIAN_PACKAGES: Mapping[str, str] = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}

DRAWING = (
    "libGL.so.1",
    "libEGL.so.1",
    "libX11.so.6",
    "libglib-2.0.so.0",
    "libgthread-2.0.so.0",
    "libdbus-1.so.3",
    "libfontconfig.so.1",
    "libfreetype.so.6",
    "libxkbcommon.so.0",
)
"""What Qt's own libraries link to, with or without a screen (``readelf -d`` on PySide6 6.12)."""

PLATFORMS: Mapping[str, tuple[str, ...]] = {
    "wayland": ("libwayland-client.so.0", "libwayland-cursor.so.0"),
    "xcb": (
        "libxkbcommon-x11.so.0",
        "libX11-xcb.so.1",
        "libxcb-cursor.so.0",
        "libxcb-icccm.so.4",
        "libxcb-image.so.0",
        "libxcb-keysyms.so.1",
        "libxcb-randr.so.0",
        "libxcb-render-util.so.0",
        "libxcb-render.so.0",
        "libxcb-shape.so.0",
        "libxcb-shm.so.0",
        "libxcb-sync.so.1",
        "libxcb-util.so.1",
        "libxcb-xfixes.so.0",
        "libxcb-xkb.so.1",
    ),
}
"""What each way of showing a window needs on top, by Qt's name for it."""

NO_SCREEN = (
    "Orderdeck found no screen: neither DISPLAY nor WAYLAND_DISPLAY is set, so no window can open here. "
    "Start it from a desktop session, or have every screen drawn into files instead: "
    "python3 start.py gui --demo --screenshots FOLDER"
)

Loadable = Callable[[str], bool]


def is_loadable(soname: str) -> bool:
    """Say whether the dynamic linker finds this library together with all that it needs itself."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def missing_for_drawing(loadable: Loadable = is_loadable) -> list[str]:
    """Name the libraries that Qt lacks to draw at all, on a screen or into a file."""
    return [soname for soname in DRAWING if not loadable(soname)]


def missing_for_window(
    environment: Mapping[str, str], loadable: Loadable = is_loadable
) -> list[str]:
    """Name the libraries that Qt lacks to show a window here.

    A session may offer both Wayland and X11; one of them complete is enough, as Qt takes the other.
    """
    lacking = [
        [soname for soname in PLATFORMS[platform] if not loadable(soname)]
        for platform in _platforms(environment)
    ]
    return missing_for_drawing(loadable) + min(lacking, key=len, default=[])


def has_screen(environment: Mapping[str, str]) -> bool:
    """Say whether a window has somewhere to go; a Qt platform that the person chose counts as one."""
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def debian_packages(sonames: Iterable[str]) -> list[str]:
    """Translate libraries into the packages that bring them, each named once."""
    return sorted({NAMES_OF_DEBIAN_PACKAGES[soname] for soname in sonames})


def how_to_install(packages: Iterable[str], *, is_root: bool) -> str:
    """Write the one line that installs these packages on Debian, Ubuntu and their kin."""
    sudo = "" if is_root else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y {' '.join(packages)}"


def explain(missing: Iterable[str], packages: Iterable[str]) -> str:
    """Tell the person what is missing and the one line that brings it."""
    return (
        f"Orderdeck needs system packages that this machine lacks: {', '.join(missing)}.\n"
        "On Debian, Ubuntu and their kin this line installs them (elsewhere, install what is named above):\n"
        f"  {how_to_install(packages, is_root=_is_root())}"
    )


def what_stops_drawing() -> str | None:
    """Explain why Qt cannot draw here, even without a screen; ``None`` when it can."""
    if not _is_linux():
        return None
    missing = missing_for_drawing()
    return explain(missing, debian_packages(missing)) if missing else None


def what_stops_the_window(environment: Mapping[str, str]) -> str | None:
    """Explain why no window can open here; ``None`` when one can.

    Ask before the first PySide6 import: some of these libraries stop that import itself.
    """
    if not _is_linux():
        return None
    missing = missing_for_window(environment)
    if missing:
        return explain(missing, debian_packages(missing))
    return None if has_screen(environment) else NO_SCREEN


def _platforms(environment: Mapping[str, str]) -> list[str]:
    """List the ways to a window that this session offers and that need libraries of their own."""
    chosen = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if chosen:
        return [chosen] if chosen in PLATFORMS else []
    offered = [("wayland", "WAYLAND_DISPLAY"), ("xcb", "DISPLAY")]
    return [platform for platform, variable in offered if environment.get(variable)]


def _is_linux() -> bool:
    return sys.platform.startswith("linux")


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
