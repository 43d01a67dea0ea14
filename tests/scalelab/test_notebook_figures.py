"""The figures of notebooks 2 and 4: they draw what the student's own functions give, and labels are apart."""

import itertools

from matplotlib.figure import Figure

from scalelab.data.sheets import read_sheet
from scalelab.figures import cifar_figure, convolution_figure, emergence_figure
from tests.compound import ROOT


def labels_overlap(figure: Figure) -> bool:
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for axes in figure.axes for text in axes.texts]
    return any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))


def test_groups_join_only_channels_of_their_own_group():
    lines = [len(axes.get_lines()) for axes in convolution_figure.show_groups(6).axes]
    assert lines == [36, 18, 6]


def test_the_cost_by_size_is_what_the_students_function_says():
    (axes,) = convolution_figure.show_cost_by_size(lambda depth, width, resolution: depth + width + resolution).axes
    ends = {line.get_label(): round(float(line.get_ydata()[-1]) * (8 + 16 + 32)) for line in axes.get_lines()}
    assert ends == {"depth": 64 + 16 + 32, "width": 8 + 128 + 32, "resolution": 8 + 16 + 256}


def test_new_layers_stand_where_the_students_function_says_and_count_up():
    figure = emergence_figure.show_emergence(lambda repeats, alpha, phi_max: [repeats / 2, 6.5])
    (axes,) = figure.axes
    assert [list(line.get_xdata()) for line in axes.get_lines()] == [[n / 2, 6.5] for n in (1, 2, 2, 3, 3, 4, 1)]
    assert [text.get_text() for text in axes.texts[:4]] == ["2", "3", "3", "4"]
    assert not labels_overlap(figure)


def test_the_papers_choice_is_marked_where_it_is():
    axes = emergence_figure.show_candidates().axes[0]
    (star,) = axes.get_lines()
    assert star.get_xydata().tolist() == [[1.1, 1.15]]


def test_maps_of_small_images_end_as_one_pixel_with_the_original_stem():
    assert cifar_figure.map_sides(224, 2)[-1] == 7
    assert cifar_figure.map_sides(32, 2)[-1] == 1
    assert cifar_figure.map_sides(32, 1)[-1] == 2
    assert not labels_overlap(cifar_figure.show_map_sides())


def test_images_are_shown_in_a_row_for_each_class_and_as_they_are_before_their_versions():
    images = read_sheet(ROOT / "data" / "cifar10_sample" / "test.png")
    axes = cifar_figure.show_classes(images).axes
    assert len(axes) == 10 * cifar_figure.COLUMNS
    one = cifar_figure.show_augmentation(images, index=3).axes[0].get_images()[0].get_array()
    assert (one * 255).round().astype(int).tolist() == images.images[3].permute(1, 2, 0).tolist()
