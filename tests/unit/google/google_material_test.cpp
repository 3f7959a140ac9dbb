#include "composition/google_material.hpp"

#include <gtest/gtest.h>

#include <map>

#include "unit/system/temporary_folder.hpp"

namespace hearth::composition {
namespace {

class GoogleMaterialTest : public ::testing::Test {
  protected:
    std::map<std::string, std::string, std::less<>> variables;
    GoogleMaterial material{[this](std::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
    }};
    testing::TemporaryFolder folder;
    const ProfileName work = *ProfileName::parse("work");
    const ProfileName home = *ProfileName::parse("home");
};

TEST_F(GoogleMaterialTest, sees_the_variables_of_the_process_unless_they_are_empty) {
    variables = {{"GOOGLE_APPLICATION_CREDENTIALS", "/etc/key.json"}, {"CLOUDSDK_CONFIG", ""}};
    EXPECT_EQ(material.variable("GOOGLE_APPLICATION_CREDENTIALS"), "/etc/key.json");
    EXPECT_FALSE(material.variable("CLOUDSDK_CONFIG"));
    EXPECT_FALSE(material.variable("HOME"));
}

TEST_F(GoogleMaterialTest, does_not_see_the_metadata_server_that_hearth_itself_is) {
    variables = {{"GCE_METADATA_HOST", "127.0.0.1:4000"}, {"GCE_METADATA_ROOT", "127.0.0.1:4000"}};
    EXPECT_EQ(material.variable("GCE_METADATA_HOST"), "127.0.0.1:4000");
    variables["HEARTH_EXEC"] = "1";
    EXPECT_FALSE(material.variable("GCE_METADATA_HOST"));
    EXPECT_FALSE(material.variable("GCE_METADATA_ROOT"));
}

TEST_F(GoogleMaterialTest, does_not_look_into_the_folder_that_comes_with_that_server) {
    variables = {{"HEARTH_EXEC", "1"}, {"CLOUDSDK_CONFIG", "/own/gcloud"}};
    EXPECT_EQ(material.variable("CLOUDSDK_CONFIG"), "/own/gcloud");
    variables["GCE_METADATA_HOST"] = "127.0.0.1:4000";
    EXPECT_FALSE(material.variable("CLOUDSDK_CONFIG"));
}

TEST_F(GoogleMaterialTest, reads_a_file_as_it_is_now_up_to_a_limit) {
    const auto path = folder / "key.json";
    EXPECT_FALSE(material.file(path, 100).value());
    testing::put(path, "{}");
    EXPECT_EQ(material.file(path, 100).value().value_or(Secret()).reveal(), "{}");
    testing::put(path, std::string(101, ' '));
    const auto longer = material.file(path, 100);
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().remedy, Remedy::failed);
    EXPECT_NE(longer.error().what.find(path), std::string::npos);
    EXPECT_FALSE(material.file(folder.path(), 100));
}

TEST_F(GoogleMaterialTest, stamps_a_file_anew_once_it_has_changed) {
    const auto path = folder / "key.json";
    EXPECT_EQ(material.stamp(path), "");
    testing::put(path, "{}");
    const auto first = material.stamp(path);
    EXPECT_NE(first, "");
    EXPECT_EQ(material.stamp(path), first);
    testing::put(path, "{ }");
    EXPECT_NE(material.stamp(path), first);
}

TEST_F(GoogleMaterialTest, keeps_what_was_printed_for_one_profile_for_that_one) {
    EXPECT_FALSE(material.printed(work));
    material.give(work, Secret("first"));
    material.give(work, Secret("second"));
    EXPECT_EQ(material.printed(work).value_or(Secret()).reveal(), "second");
    EXPECT_FALSE(material.printed(home));
    material.forget();
    EXPECT_FALSE(material.printed(work));
}

}  // namespace
}  // namespace hearth::composition
