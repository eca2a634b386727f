resource "aws_secretsmanager_secret" "api" {
  name        = "judged/api"
  description = "Opens the shop"
  tags        = { team = "a" }
}

resource "aws_secretsmanager_secret_version" "api" {
  secret_id     = aws_secretsmanager_secret.api.id
  secret_string = "correct-horse-battery"
}

resource "aws_secretsmanager_secret" "gone" {
  name                    = "judged/gone"
  recovery_window_in_days = 0
}

resource "aws_ssm_parameter" "port" {
  name  = "/judged/port"
  type  = "String"
  value = "8080"
  tags  = { team = "a" }
}

resource "aws_ssm_parameter" "key" {
  name  = "/judged/key"
  type  = "SecureString"
  value = "correct-horse-battery"
}

data "aws_ssm_parameter" "image" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

resource "aws_ssm_parameter" "image" {
  name      = "/judged/image"
  type      = "String"
  data_type = "aws:ec2:image"
  value     = nonsensitive(data.aws_ssm_parameter.image.value)
}
