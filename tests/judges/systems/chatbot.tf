# What modules/chatbot makes for environments/dev.toml, but for App Runner.

locals {
  name     = "dev-chatbot"
  password = "correct-horse-battery"
  tags     = { project = "ai-chatbot", environment = "dev" }
}

data "aws_caller_identity" "current" {}

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

data "aws_subnet" "default" {
  for_each = toset(data.aws_subnets.default.ids)
  id       = each.key
}

locals {
  connector_subnets = [for subnet in data.aws_subnet.default : subnet.id if subnet.availability_zone_id != "use1-az3"]
}

# --- groups

resource "aws_security_group" "connector" {
  name        = "${local.name}-connector"
  description = "Interfaces of App Runner in the VPC"
  vpc_id      = data.aws_vpc.default.id
  tags        = local.tags
}

resource "aws_vpc_security_group_egress_rule" "connector_to_all" {
  security_group_id = aws_security_group.connector.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
  tags              = local.tags
}

resource "aws_security_group" "endpoints" {
  name        = "${local.name}-endpoints"
  description = "Interface endpoints of AWS services"
  vpc_id      = data.aws_vpc.default.id
  tags        = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_from_connector" {
  security_group_id            = aws_security_group.endpoints.id
  referenced_security_group_id = aws_security_group.connector.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  description                  = "HTTPS from the services"
  tags                         = local.tags
}

resource "aws_security_group" "database" {
  name        = "${local.name}-database"
  description = "PostgreSQL"
  vpc_id      = data.aws_vpc.default.id
  tags        = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "database_from_connector" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.connector.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  description                  = "PostgreSQL from the services"
  tags                         = local.tags
}

resource "aws_vpc_security_group_ingress_rule" "database_from_outside" {
  security_group_id = aws_security_group.database.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
  description       = "Migrations from outside; turn public_database off after them"
  tags              = local.tags
}

# --- ways to AWS's services

resource "aws_vpc_endpoint" "service" {
  for_each            = toset(["bedrock-runtime", "secretsmanager"])
  vpc_id              = data.aws_vpc.default.id
  service_name        = "com.amazonaws.us-east-1.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = local.connector_subnets
  security_group_ids  = [aws_security_group.endpoints.id]
  tags                = local.tags
}

# --- registry

resource "aws_ecr_repository" "app" {
  name = local.name
  image_scanning_configuration {
    scan_on_push = true
  }
  tags = local.tags
}

resource "aws_ecr_lifecycle_policy" "app" {
  repository = aws_ecr_repository.app.name
  policy = jsonencode({ rules = [{
    rulePriority = 1
    description  = "Keep the newest"
    selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 10 }
    action       = { type = "expire" }
  }] })
}

# --- database

resource "aws_db_subnet_group" "app" {
  name        = local.name
  description = "Subnets of the chatbot's database"
  subnet_ids  = data.aws_subnets.default.ids
  tags        = local.tags
}

resource "aws_db_parameter_group" "app" {
  name        = local.name
  family      = "postgres16"
  description = "Settings of the chatbot's database"
  parameter {
    name  = "log_min_duration_statement"
    value = "1000"
  }
  tags = local.tags
}

resource "aws_db_instance" "app" {
  identifier                = local.name
  engine                    = "postgres"
  engine_version            = "16"
  instance_class            = "db.t3.micro"
  allocated_storage         = 20
  storage_encrypted         = true
  db_name                   = "chatbot"
  username                  = "chatbot"
  password                  = local.password
  db_subnet_group_name      = aws_db_subnet_group.app.name
  parameter_group_name      = aws_db_parameter_group.app.name
  vpc_security_group_ids    = [aws_security_group.database.id]
  publicly_accessible       = true
  backup_retention_period   = 7
  deletion_protection       = true
  final_snapshot_identifier = "${local.name}-final"
  tags                      = local.tags
}

# --- secrets

resource "aws_secretsmanager_secret" "postgres_url" {
  name                    = "${local.name}/POSTGRES_URL"
  description             = "How the services reach PostgreSQL"
  recovery_window_in_days = 7
  tags                    = local.tags
}

resource "aws_secretsmanager_secret_version" "postgres_url" {
  secret_id     = aws_secretsmanager_secret.postgres_url.id
  secret_string = "postgres://chatbot:${urlencode(local.password)}@${aws_db_instance.app.address}:${aws_db_instance.app.port}/chatbot?sslmode=require"
}

resource "aws_secretsmanager_secret" "auth_secret" {
  name                    = "${local.name}/AUTH_SECRET"
  description             = "What sessions are signed with"
  recovery_window_in_days = 7
  tags                    = local.tags
}

resource "aws_secretsmanager_secret_version" "auth_secret" {
  secret_id     = aws_secretsmanager_secret.auth_secret.id
  secret_string = "staple-more-than-ten"
}

# --- who may do what

resource "aws_iam_role" "access" {
  name        = "${local.name}-access"
  description = "App Runner pulls the image with it"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "build.apprunner.amazonaws.com" }
  }] })
  tags = local.tags
}

resource "aws_iam_role_policy_attachment" "access" {
  role       = aws_iam_role.access.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"
}

resource "aws_iam_role" "instance" {
  name        = "${local.name}-instance"
  description = "What the running services may do"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "tasks.apprunner.amazonaws.com" }
  }] })
  tags = local.tags
}

resource "aws_iam_role_policy" "models" {
  name = "models"
  role = aws_iam_role.instance.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    {
      Sid    = "Invoke"
      Effect = "Allow"
      Action = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
      Resource = concat(
        ["arn:aws:bedrock:us-east-1:${data.aws_caller_identity.current.account_id}:inference-profile/us.*"],
        [for region in ["us-east-1", "us-east-2", "us-west-2"] : "arn:aws:bedrock:${region}::foundation-model/*"],
      )
    },
    {
      Sid      = "Subscribe"
      Effect   = "Allow"
      Action   = ["aws-marketplace:ViewSubscriptions", "aws-marketplace:Subscribe"]
      Resource = "*"
    },
  ] })
}

resource "aws_iam_role_policy" "secrets" {
  name = "secrets"
  role = aws_iam_role.instance.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Sid      = "Read"
    Effect   = "Allow"
    Action   = ["secretsmanager:GetSecretValue"]
    Resource = [aws_secretsmanager_secret.postgres_url.arn, aws_secretsmanager_secret.auth_secret.arn]
  }] })
}
